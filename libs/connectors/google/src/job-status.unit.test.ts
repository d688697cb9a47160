import { expect, it } from 'vitest';
import { readJobStatus } from './job-status.js';

const JOB = { id: 'r1', list: '7090784486', op: 'remove', persons: 2, identifiers: 3 } as const;
const DONE = { kind: 'done', complete: true, failed: 0 };
const MISMATCH = { kind: 'unknown', code: 'counts_mismatch' };
const UNREADABLE = { kind: 'unknown', code: 'reply_unreadable' };

const removal = (recordCount: unknown, userIdentifierCount: unknown) => ({
  audienceMembersRemovalStatus: { userDataRemovalStatus: { recordCount, userIdentifierCount } },
});
const success = { requestStatus: 'SUCCESS' };
const failed = (recordCount: unknown) => ({
  errorInfo: { errorCounts: [{ recordCount, reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR' }] },
});

it.each([
  ['success over what was sent', { ...success, ...removal('2', '3') }, DONE],
  ['counts as numbers', { ...success, ...removal(2, 3) }, DONE],
  ['other persons', { ...success, ...removal('1', '3') }, MISMATCH],
  ['other identifiers', { ...success, ...removal('2', '2') }, MISMATCH],
  ['no counts', success, MISMATCH],
  [
    'zero counts, which proto JSON leaves out',
    { ...success, ...removal(undefined, undefined) },
    MISMATCH,
  ],
  [
    'the counts of an addition',
    {
      ...success,
      audienceMembersIngestionStatus: {
        userDataIngestionStatus: { recordCount: '2', userIdentifierCount: '3' },
      },
    },
    MISMATCH,
  ],
  [
    'success with faults',
    { ...success, ...removal('2', '3'), ...failed('1') },
    { kind: 'done', complete: false, failed: 1 },
  ],
  [
    'part of it',
    { requestStatus: 'PARTIAL_SUCCESS', ...removal('2', '3'), ...failed('2') },
    { kind: 'done', complete: false, failed: 2 },
  ],
  ['failure', { requestStatus: 'FAILED', ...failed('2') }, { kind: 'failed' }],
  ['processing', { requestStatus: 'PROCESSING' }, { kind: 'processing' }],
  ['a status it does not know itself', { requestStatus: 'REQUEST_STATUS_UNKNOWN' }, UNREADABLE],
  ['no status', {}, UNREADABLE],
  ['a status nobody listed', { requestStatus: 'DONE' }, UNREADABLE],
  ['a negative count', { ...success, ...removal(-2, 3) }, UNREADABLE],
  ['a count that is no number', { ...success, ...removal('2e0', '3') }, UNREADABLE],
  [
    'another list',
    { ...success, ...removal('2', '3'), destination: { productDestinationId: '1' } },
    UNREADABLE,
  ],
])('reads %s', (_, status, expected) => {
  expect(readJobStatus({ requestStatusPerDestination: [status] }, JOB)).toEqual(expected);
});

it.each([
  ['no destination', { requestStatusPerDestination: [] }],
  ['two', { requestStatusPerDestination: [{ ...success, ...removal('2', '3') }, success] }],
  ['another shape', 'SUCCESS'],
])('reads nothing from %s', (_, body) => {
  expect(readJobStatus(body, JOB)).toEqual(UNREADABLE);
});
