import type { Instant } from '@kyoka/kernel';
import type { z } from 'zod';
import type { PolicyFault } from './faults.js';
import { checkSurroundings } from './floor-checks.js';
import { type LegalPack, legalPackSchema } from './legal-pack-schema.js';
import { checkPolicy } from './policy-checks.js';
import { type Policy, policySchema } from './policy-schema.js';
import { type SourceContract, sourceContractSchema } from './source-contract-schema.js';
import { checkText, type PublishedText } from './text-checks.js';
import { readYaml } from './yaml-file.js';

/** Everything the rules read: policies by `id@version`, source contracts by source, legal packs by id. */
export interface PolicySet {
  readonly policies: ReadonlyMap<string, Policy>;
  readonly contracts: ReadonlyMap<string, SourceContract>;
  readonly legal: ReadonlyMap<string, LegalPack>;
  /** Published texts by the name of their file. */
  readonly texts: ReadonlyMap<string, PublishedText>;
  /**
   * The files that they were read from, under the names that rules point to them by: `id@version`,
   * `source-contract:source`, the id of a legal pack; where their hash is known.
   */
  readonly files: ReadonlyMap<string, PolicyFile>;
  /**
   * Every version under which data may have been taken in, whether or not it may still be asked for;
   * absent: `policies` are all of them.
   */
  readonly known?: ReadonlyMap<string, Policy>;
  /** When versions went live, by `id@version`, where that is known. */
  readonly liveSince?: ReadonlyMap<string, Instant>;
}

/** A policy file as it lies there. */
export interface PolicyFile {
  /** What faults are reported under. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

type Parsed<T> = { readonly ok: true; readonly value: T } | Failed;
type Failed = { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** The name under which facts and requests refer to a policy, such as `almado@1`. */
export const policyKey = (policy: Policy): string => `${policy.policy.id}@${policy.policy.version}`;

/**
 * One policy file. With `around` it is checked against its legal pack and the source contracts too.
 * Points weaker than the law are warnings that name the floor applied.
 */
export function parsePolicy(
  yamlText: string,
  fileName: string,
  around?: Pick<PolicySet, 'contracts' | 'legal' | 'texts'>,
):
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyFault[] }
  | Failed {
  const read = readYaml(yamlText, fileName, policySchema);
  if (!read.ok) return read;
  const policy = read.file.value;
  const findings = read.file.place([
    ...checkPolicy(policy),
    ...(around ? [...checkText(policy, around.texts), ...checkSurroundings(policy, around)] : []),
  ]);
  return findings.some(({ severity }) => severity === 'error')
    ? { ok: false, faults: findings }
    : { ok: true, policy, warnings: findings };
}

type GivenFile = Omit<PolicyFile, 'sha256'> & Partial<PolicyFile>;

/** The files of a deployment, as text. `name` is what faults are reported under. */
export interface PolicyFiles {
  /** Only a file with its hash can go live. */
  readonly policies: readonly GivenFile[];
  readonly contracts: readonly GivenFile[];
  readonly legal: readonly GivenFile[];
  /** The published texts, by the bare name of their file. */
  readonly texts: readonly (PublishedText & { readonly name: string })[];
}

/** Every file of a deployment, parsed and checked against each other; all faults at once. */
export function parsePolicySet(
  files: PolicyFiles,
):
  | { readonly ok: true; readonly set: PolicySet; readonly warnings: readonly PolicyFault[] }
  | Failed {
  const faults: PolicyFault[] = [];
  const from = new Map<string, PolicyFile>();
  const index = <T>(
    list: PolicyFiles['policies'],
    read: (text: string, name: string) => Parsed<T>,
    keyOf: (value: T) => string,
    placeOf: (key: string) => string = (key) => key,
  ): Map<string, T> => {
    const map = new Map<string, T>();
    for (const { name, text, sha256 } of list) {
      const result = read(text, name);
      if (!result.ok) {
        faults.push(...result.faults);
        continue;
      }
      const key = keyOf(result.value);
      if (map.has(key)) faults.push(definedTwice(name));
      else map.set(key, result.value);
      if (sha256 !== undefined) from.set(placeOf(key), { name, text, sha256 });
    }
    return map;
  };
  const legal = index<LegalPack>(
    files.legal,
    (text, name) => parse(text, name, legalPackSchema),
    (pack) => pack.legal_pack.id,
  );
  const contracts = index<SourceContract>(
    files.contracts,
    (text, name) => parse(text, name, sourceContractSchema),
    (contract) => contract.source_contract.source,
    (source) => `source-contract:${source}`,
  );
  const texts = new Map(files.texts.map((one) => [one.name, one]));
  const warnings: PolicyFault[] = [];
  const policies = index<Policy>(
    files.policies,
    (text, name) => {
      const result = parsePolicy(text, name, { legal, contracts, texts });
      if (!result.ok) return result;
      warnings.push(...result.warnings);
      return { ok: true, value: result.policy };
    },
    policyKey,
  );
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, set: { policies, contracts, legal, texts, files: from }, warnings };
}

function parse<T>(text: string, name: string, schema: z.ZodType<T>): Parsed<T> {
  const read = readYaml(text, name, schema);
  return read.ok ? { ok: true, value: read.file.value } : read;
}

const definedTwice = (file: string): PolicyFault => ({
  file,
  path: '',
  line: 1,
  column: 1,
  severity: 'error',
  message: 'another file defines the same id and version',
});
