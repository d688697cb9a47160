import { DEFINITIONS, type Definition } from './definitions.js';
import { namesOf } from './read-settings.js';

/** Every setting as a Markdown page, in the order of their definition. */
export function settingsReference(): string {
  const rows = Object.values<Definition<unknown, boolean>>(DEFINITIONS).map(rowOf);
  return `# Settings

Environment variables, read and checked at start: a wrong one stops the start with its name and what was
expected. A secret can also lie in a file, named by the variable with \`_FILE\`. Generated from
\`libs/config\`; \`npm run generate\` writes it again.

| Variable | Meaning | Expected | Default |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function rowOf(definition: Definition<unknown, boolean>): string {
  const names = namesOf(definition).map((name) => `\`${name}\``);
  const cells = [
    names.join(', '),
    definition.about,
    definition.kind.expected,
    defaultOf(definition),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultOf({ initial, requiredBy }: Definition<unknown, boolean>): string {
  const defaults =
    typeof initial === 'object'
      ? Object.entries(initial).map(([role, value]) => `${role}: \`${value}\``)
      : initial === undefined
        ? []
        : [`\`${initial}\``];
  if (requiredBy !== undefined) defaults.push(`required by ${requiredBy.join(', ')}`);
  return defaults.join('; ') || 'none';
}
