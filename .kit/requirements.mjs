/** The table of requirements, one for each policy written down, made from docs/requirements. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

const FOLDER = 'docs/requirements';
const POLICIES = ['almado', 'almigo', 'loveinn', 'allm', 'agreement'];
const STATES = {
  enforced: 'the service refuses what is against it, or does what it asks, now',
  recorded: 'the policy file says it, and is checked; nothing acts on it',
  shown: 'a page shows it, made from the policy file',
  later: 'the service is to do it and does not yet do all of it',
  outside: 'people do it, or another system',
};

const cell = (text) => String(text).replaceAll('|', '\\|');
const code = (text) => `\`${text}\``;
const row = (cells) => `| ${cells.map(cell).join(' | ')} |`;
const counted = (entries) =>
  Object.keys(STATES).map((state) => entries.filter((one) => one.state === state).length);

function entryRow({ id, section, says, state, by, why, tests }) {
  const proof = [...tests.map((test) => code(test)), ...(why ? [why] : [])];
  return row([id, section, says, state, by.map(code).join('<br>'), proof.join('<br>')]);
}

/** docs/requirements.md as text: how many are in each state, then a table for each policy. */
export async function requirementsText() {
  const tables = await Promise.all(
    POLICIES.map(async (policy) => ({
      policy,
      entries: parse(await readFile(`${FOLDER}/${policy}.yaml`, 'utf8')),
    })),
  );
  const all = tables.flatMap(({ entries }) => entries);
  const states = Object.keys(STATES);
  return [
    '# Requirements of the published policies',
    '',
    'Generated from docs/requirements by `npm run generate`. A test fails where an entry names a rule, field, section or test that does not exist, or claims to be enforced and names no test.',
    '',
    ...Object.entries(STATES).map(([state, meaning]) => `- ${code(state)}: ${meaning}`),
    '',
    row(['Policy', ...states, 'all']),
    `|---|${states.map(() => '--:|').join('')}--:|`,
    ...tables.map(({ policy, entries }) => row([policy, ...counted(entries), entries.length])),
    row(['all', ...counted(all), all.length]),
    ...tables.flatMap(({ policy, entries }) => [
      '',
      `## ${policy}`,
      '',
      row(['Id', 'Section', 'Asks', 'State', 'By', 'Shown by, and why']),
      '|---|---|---|---|---|---|',
      ...entries.map(entryRow),
    ]),
    '',
  ].join('\n');
}
