import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCase } from './parse-case.js';

describe('reading a case', () => {
  const good = { at: '2026-11-22T10:00:00+09:00', request: {} };

  it.each([
    [null, '', 'object'],
    [[], '', 'object'],
    ['taro@example.jp', '', 'object'],
    [{ request: {}, at: 5 }, 'at', 'string'],
    [{ ...good, at: '2026-11-22' }, 'at', 'a time with its offset'],
    [{ ...good, request: { purpos: 'x' } }, 'request', 'only the members that are defined'],
    [
      { ...good, request: { use: { til: 'x' } } },
      'request.use',
      'only the members that are defined',
    ],
    [
      { ...good, request: { use: { from: '2026-02-30' } } },
      'request.use.from',
      'a day, YYYY-MM-DD',
    ],
    [
      { ...good, facts: { suppressions: [{ kind: 'taro' }] } },
      'facts.suppressions[0].kind',
      expect.stringMatching(/^one of: withdrawal/),
    ],
    [
      { ...good, facts: { contactPoint: { kind: 'fax' } } },
      'facts.contactPoint.kind',
      expect.stringMatching(/^one of: email/),
    ],
    [{ ...good, facts: { category: 'x'.repeat(201) } }, 'facts.category', 'at most 200 in size'],
    [
      { ...good, facts: { consents: Array.from({ length: 5_001 }, () => ({})) } },
      'facts.consents',
      'at most 5000 in size',
    ],
    [
      { ...good, facts: { recipient: { id: 'x', reviewedAt: 'soon' } } },
      'facts.recipient.reviewedAt',
      'a time with its offset, or a day',
    ],
  ])('refuses %.60j at %s and quotes nothing', (json, field, expected) => {
    const parsed = parseCase(json);
    expect(parsed).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([{ field, expected }]),
    });
    expect(JSON.stringify(parsed)).not.toMatch(/taro|purpos"|til|2026-02-30|xxx|soon|fax/);
  });

  it('takes null for absent and ignores facts it does not know', () => {
    expect(
      parseCase({ ...good, id: null, facts: { category: null, shoeSize: 27, consents: [] } }),
    ).toEqual({
      ok: true,
      case: { at: Date.parse(good.at), request: {}, facts: { consents: [] } },
    });
  });

  it('reads any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(parseCase(json)).toHaveProperty('ok');
        expect(parseCase({ ...good, facts: json, request: json })).toHaveProperty('ok');
      }),
      { numRuns: 500 },
    );
  });
});
