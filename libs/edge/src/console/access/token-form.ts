import { type Scope, SCOPES, type TokenRequest, tokenRequest } from '@kyoka/contracts';
import { formatInstant, type KyokaError, tokyoDayBounds } from '@kyoka/kernel';
import type { ACCESS } from '../words/access.js';

export type TokenField = 'name' | 'owner' | 'scopes' | 'endsAt' | 'quotaPerMinute';
/** What is wrong with the form, by the field. */
export type TokenFaults = Partial<Record<TokenField, keyof typeof ACCESS>>;

/** The form as it was filled in, to be shown again. */
export interface EnteredToken {
  readonly name: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly endsAt: string;
  readonly quotaPerMinute: string;
}

/** What is said of a field that doesn't fit, whoever found it: the form, its contract, or the maker's rights. */
const SAID: Readonly<Record<TokenField, keyof typeof ACCESS>> = {
  name: 'needName',
  owner: 'needOwner',
  scopes: 'needScopes',
  endsAt: 'needDay',
  quotaPerMinute: 'needQuota',
};

const isField = (name: string): name is TokenField => Object.hasOwn(SAID, name);

/** Reads the form of a new token. A day is meant to its end, in Asia/Tokyo. */
export function readTokenForm(form: URLSearchParams): {
  readonly entered: EnteredToken;
  readonly request?: TokenRequest;
  readonly faults: TokenFaults;
} {
  const text = (name: string) => (form.get(name) ?? '').trim();
  const chosen = new Set(form.getAll('scopes'));
  const entered = {
    name: text('name'),
    owner: text('owner'),
    scopes: SCOPES.filter((scope) => chosen.has(scope)),
    endsAt: text('endsAt'),
    quotaPerMinute: text('quotaPerMinute'),
  };
  const last = tokyoDayBounds(entered.endsAt)?.last;
  const parsed = tokenRequest.safeParse({
    name: entered.name,
    ...(entered.owner !== '' && { owner: entered.owner }),
    scopes: entered.scopes,
    endsAt: last === undefined ? '' : formatInstant(last),
    ...(entered.quotaPerMinute !== '' && { quotaPerMinute: Number(entered.quotaPerMinute) }),
  });
  return parsed.success
    ? { entered, request: parsed.data, faults: {} }
    : { entered, faults: faultsOf(parsed.error.issues.map(({ path }) => String(path[0]))) };
}

/** What the maker's rights refused, by the field. */
export const refusedFields = ({ faults }: KyokaError): TokenFaults =>
  faultsOf(faults.map(({ field }) => (field === 'scope' ? 'scopes' : field)));

const faultsOf = (names: readonly string[]): TokenFaults =>
  Object.fromEntries(names.filter(isField).map((name) => [name, SAID[name]]));
