import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyFolders, readPolicyFiles } from '@kyoka/permission-store';
import { describe, expect, it } from 'vitest';
import { policyCheckCommand } from './policy-check.js';
import { policyDiffCommand } from './policy-diff.js';
import { policyShowCommand } from './policy-show.js';

const DEPLOY = join(import.meta.dirname, '../../../../deploy');
const { contracts, legal, texts } = await readPolicyFiles(policyFolders(DEPLOY));
const text = readFileSync(join(DEPLOY, 'policies/almado.yaml'), 'utf8');
const almado = { name: 'almado.yaml', text };
const broken = { name: 'broken.yaml', text: text.replace('lookalike: false', 'lookalike: taro') };

function collect(command: (write: (line: string) => void) => number) {
  const written: string[] = [];
  const exitCode = command((line) => written.push(line));
  return { exitCode, answers: written.map((line) => JSON.parse(line) as object), written };
}

describe('kyoka policy check', () => {
  const check = (
    files: readonly { name: string; text: string }[],
    around = { contracts, legal, texts },
  ) => collect((write) => policyCheckCommand(files, around, write));

  it('writes warnings with file, path and line, then the counts, and ends with 0', () => {
    const { exitCode, answers } = check([almado]);
    expect(exitCode).toBe(0);
    expect(answers.at(-1)).toEqual({ file: 'almado.yaml', errors: 0, warnings: 11 });
    for (const finding of answers.slice(0, -1)) {
      expect(finding).toEqual({
        file: 'almado.yaml',
        path: expect.stringMatching(/^\//),
        line: expect.any(Number),
        column: expect.any(Number),
        severity: 'warning',
        message: expect.stringMatching(
          /(?:weaker than the law; applied|people can't look this up): .*APPI Art|narrowed by source contract: /,
        ),
      });
    }
  });

  it('ends with 1 on an error, still checks the other files, and quotes nothing', () => {
    const { exitCode, answers, written } = check([broken, almado]);
    expect(exitCode).toBe(1);
    expect(answers).toContainEqual(
      expect.objectContaining({
        file: 'broken.yaml',
        path: '/ad_matching/lookalike',
        severity: 'error',
      }),
    );
    expect(answers.at(-1)).toMatchObject({ file: 'almado.yaml', errors: 0 });
    expect(written.join()).not.toContain('taro');
  });

  it('ends with 1 where the legal pack or a contract is at fault', () => {
    const { exitCode, answers } = check([almado], {
      contracts,
      texts,
      legal: [{ name: 'jp.yaml', text: 'a: 1' }],
    });
    expect(exitCode).toBe(1);
    expect(answers).toContainEqual(
      expect.objectContaining({ file: 'jp.yaml', path: '/a', message: 'unknown field' }),
    );
  });
});

describe('kyoka policy diff', () => {
  const diff = (older: typeof almado, newer: typeof almado) =>
    collect((write) => policyDiffCommand(older, newer, write));

  it('writes what is gained and lost and ends with 0', () => {
    const newer = { name: 'new.yaml', text: text.replace('id: ly,', 'id: x,') };
    expect(diff(almado, newer)).toMatchObject({
      exitCode: 0,
      answers: [
        {
          grants: { gained: [], lost: [] },
          purposes: { gained: [], lost: [] },
          recipients: { gained: ['x'], lost: ['ly'] },
        },
      ],
    });
  });

  it('writes the errors of both files and ends with 1', () => {
    const { exitCode, answers } = diff(broken, { ...broken, name: 'other.yaml' });
    expect(exitCode).toBe(1);
    expect(answers).toEqual([
      expect.objectContaining({ file: 'broken.yaml', path: '/ad_matching/lookalike' }),
      expect.objectContaining({ file: 'other.yaml', path: '/ad_matching/lookalike' }),
    ]);
  });
});

describe('kyoka policy show', () => {
  const show = (file: typeof almado): { exitCode: number; lines: string[] } => {
    const lines: string[] = [];
    const around = { contracts, legal, texts };
    return { exitCode: policyShowCommand(file, around, (line) => lines.push(line)), lines };
  };
  const row = (lines: readonly string[], category: string, purpose: string): string[] => {
    const from = lines.findIndex((line) => line.startsWith(`${category}:`));
    const found = lines.slice(from).find((line) => line.trim().startsWith(`${purpose} `));
    return found?.trim().split(/ {2,}/) ?? [];
  };

  it('writes what each purpose rests on, by category and channel', () => {
    const { exitCode, lines } = show(almado);
    expect(exitCode).toBe(0);
    expect(lines[0]).toContain('almado@1');
    expect(
      lines
        .find((line) => line.includes('email'))
        ?.trim()
        .split(/ {2,}/),
    ).toEqual(['email', 'dm', 'sms', 'line', 'web', 'ads']);
    expect(row(lines, 'member', 'info_support')).toEqual([
      'info_support',
      'opt-in',
      'clause',
      '-',
      '-',
      '-',
      '-',
    ]);
    expect(row(lines, 'member', 'ad_matching').at(-1)).toBe('recipient');
    expect(row(lines, 'mall_customer', 'order')).toEqual([
      'order',
      ...Array<string>(5).fill('free'),
      '-',
    ]);
    expect(lines.filter((line) => line.includes('never marketed to'))).toHaveLength(6);
    expect(lines.slice(lines.indexOf("people can't look up") + 1)).toEqual([
      expect.stringMatching(/operator_address .*32\(1\)\(i\) .*\/controller\/address$/),
      expect.stringContaining('/controller/representative'),
      expect.stringMatching(/\/controller\/accredited_body +accredited_member$/),
    ]);
  });

  it('writes the errors of a file and ends with 1', () => {
    const { exitCode, lines } = show(broken);
    expect(exitCode).toBe(1);
    expect(lines.join()).toContain('/ad_matching/lookalike');
    expect(lines.join()).not.toContain('taro');
  });
});
