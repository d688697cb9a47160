/** The table of requirements, one for each policy written down, made from docs/requirements. */
import { readFile, readdir } from 'node:fs/promises';
import { parse } from 'yaml';

const FOLDER = 'docs/requirements';
const cell = (text) => String(text).replaceAll('|', '\\|');

function row({ id, section, says, state, by, why, tests }) {
  const shownBy = [...by, ...(why ? [why] : [])].join('; ');
  return `| ${[id, section, says, state, shownBy, tests.join('; ')].map(cell).join(' | ')} |`;
}

/** docs/requirements.md as text: a table for each policy, with how many are in each state. */
export async function requirementsText() {
  const parts = [
    '# Requirements of the published policies',
    '',
    'Generated from docs/requirements.',
  ];
  for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml')).sort()) {
    const entries = parse(await readFile(`${FOLDER}/${name}`, 'utf8'));
    const counts = Map.groupBy(entries, ({ state }) => state);
    const told = [...counts]
      .map(([state, of]) => `${state} ${of.length}`)
      .sort()
      .join(', ');
    parts.push('', `## ${name.replace('.yaml', '')}`, '', `${entries.length}: ${told}`, '');
    parts.push('| Id | Section | Says | State | By | Tests |', '|---|---|---|---|---|---|');
    parts.push(...entries.map(row));
  }
  return `${parts.join('\n')}\n`;
}
