/** Rules of our own for oxlint; .oxlintrc.json says where each holds. */

const noHiddenClock = {
  meta: { messages: { clock: 'Rules read no clock: have the instant handed in.' } },
  create(context) {
    const isDate = (node) => node.type === 'Identifier' && node.name === 'Date';
    return {
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0)
          context.report({ node, messageId: 'clock' });
      },
      CallExpression(node) {
        if (isDate(node.callee)) context.report({ node, messageId: 'clock' });
      },
    };
  },
};

export default { meta: { name: 'kyoka' }, rules: { 'no-hidden-clock': noHiddenClock } };
