import { DataTable, type Fact, Facts, useFormats, useLang, useWords } from '@kyoka/pages';
import type { LegalPack, Policy } from '@kyoka/policy';
import type { VNode } from 'preact';
import {
  type AcceptedPaper,
  ANSWER_WORDS,
  FEE_WORDS,
  GROUND_WORDS,
  IDENTITY_WORDS,
  PROXY_WORDS,
  REFUSAL_WORDS,
  REQUEST_WORDS,
  SELF_SERVICE_WORDS,
  WAY_WORDS,
} from '../words/lists.js';
import { DUTY_TEXTS, PUBLISHED } from '../words/page.js';
import { Clause, itemsOf, NOTHING, Own, Unstated, wordsOf } from './parts.js';

type Rights = NonNullable<Policy['rights']>;
interface RightsProps {
  readonly rights: Rights | undefined;
  readonly legal: LegalPack;
}

/** What people may ask for, what it costs, how they ask, and how they are answered. */
export function Requests({
  policy,
  legal,
}: {
  readonly policy: Policy;
  readonly legal: LegalPack;
}): VNode {
  const say = useWords(DUTY_TEXTS);
  const lang = useLang();
  const { rights, self_service: self } = policy;
  return (
    <>
      <Types rights={rights} legal={legal} />
      <h3>{say('how')}</h3>
      <HowToAsk policy={policy} />
      {rights?.response !== undefined && (
        <>
          <h3>{say('answer')}</h3>
          <Answer response={rights.response} />
        </>
      )}
      {rights !== undefined && <Conditions rights={rights} legal={legal} />}
      {self !== undefined && (
        <>
          <h3>{say('selfService')}</h3>
          <p>
            {wordsOf(SELF_SERVICE_WORDS, self.pages, lang)}
            {self.address !== undefined && (
              <>
                {': '}
                <a href={self.address} rel="noreferrer external">
                  {self.address}
                </a>
              </>
            )}
          </p>
        </>
      )}
    </>
  );
}

/** Every right that the law gives, and its fee; only where the law lets a fee be asked. */
function Types({ rights, legal }: RightsProps): VNode {
  const say = useWords(DUTY_TEXTS);
  const lang = useLang();
  const { number } = useFormats();
  const stated = rights?.types ?? [];
  const law = legal.rights;
  const types = [
    ...law.types.map(({ type }) => type),
    ...stated.filter((type) => !law.types.some((one) => one.type === type)),
  ];
  const feeOf = (type: (typeof types)[number]) =>
    law.fee_types.includes(type)
      ? rights?.fees?.find((fee) => fee.types.includes(type))
      : undefined;
  const paid = types.some((type) => feeOf(type) !== undefined);
  const refunds = types.some((type) => typeof feeOf(type)?.refundable === 'boolean');
  return (
    <DataTable
      caption={say('types')}
      rows={types}
      columns={[
        {
          title: say('request'),
          names: true,
          cell: (type) => {
            const word = REQUEST_WORDS[type][lang];
            return stated.includes(type) ? word : say('byLaw', { type: word });
          },
        },
        {
          title: say('fee'),
          cell: (type) => {
            const yen = feeOf(type)?.yen;
            return yen === undefined ? say('free') : say('yen', { yen: number(yen) });
          },
        },
        ...(paid
          ? [
              {
                title: say('payBy'),
                cell: (type: (typeof types)[number]) => {
                  const method = feeOf(type)?.method;
                  return method ? FEE_WORDS[method][lang] : NOTHING;
                },
              },
            ]
          : []),
        ...(refunds
          ? [
              {
                title: say('refund'),
                cell: (type: (typeof types)[number]) => {
                  const back = feeOf(type)?.refundable;
                  return typeof back === 'boolean'
                    ? say(back ? 'refundable' : 'notRefundable')
                    : NOTHING;
                },
              },
            ]
          : []),
      ]}
    />
  );
}

function HowToAsk({ policy }: { readonly policy: Policy }): VNode {
  const { rights } = policy;
  const say = useWords(DUTY_TEXTS);
  const page = useWords(PUBLISHED);
  const lang = useLang();
  const { intake, identity, proxy } = rights ?? {};
  const facts: Fact[] = [];
  if (intake !== undefined) {
    facts.push([say('media'), wordsOf(WAY_WORDS, intake.media, lang)]);
    facts.push([say('form'), formText(intake)]);
    if (intake.mark !== undefined)
      facts.push([say('mark'), <Own en={intake.mark} ja={intake.mark_ja} />]);
    if (intake.visits !== null)
      facts.push([say('visits'), say(intake.visits ? 'visitsYes' : 'visitsNo')]);
    if (intake.light_route) facts.push([say('light'), say('lightYes')]);
    if (intake.postage_by !== undefined)
      facts.push([
        say('postage'),
        say(intake.postage_by === 'person' ? 'postagePerson' : 'postageCompany'),
      ]);
    if (intake.specify !== undefined) facts.push([say('specify'), itemsOf(intake.specify, lang)]);
  }
  if (identity !== undefined) {
    const papers = acceptedPapers(identity.one_of);
    const list = wordsOf(IDENTITY_WORDS, papers, lang);
    facts.push([say('papers'), papers.length > 1 ? say('oneOf', { list }) : list]);
  }
  if (proxy !== undefined) {
    const list = wordsOf(PROXY_WORDS, proxy.papers, lang);
    const months = proxy.seal_certificate_months;
    facts.push([say('proxy'), months === undefined ? list : say('sealMonths', { list, months })]);
  }
  return (
    <>
      {intake === undefined && (
        <p>
          <Unstated policy={policy} />
        </p>
      )}
      {facts.length > 0 && <Facts facts={facts} />}
      {rights !== undefined && (
        <p class="quiet">
          {page('clause')}: <Clause clause={rights.clause} />
        </p>
      )}
    </>
  );

  function formText({ form, form_sent_by: by }: NonNullable<Rights['intake']>): string {
    if (!form) return say('formNotNeeded');
    return by === undefined
      ? say('formNeeded')
      : say('formBy', { list: wordsOf(WAY_WORDS, by, lang) });
  }
}

/** The certificate of eligibility stands in for the insurance card, which is issued no more. */
const acceptedPapers = (papers: NonNullable<Rights['identity']>['one_of']): AcceptedPaper[] => [
  ...new Set(
    papers.map((paper) => (paper === 'health_insurance_card' ? 'eligibility_certificate' : paper)),
  ),
];

function Answer({ response }: { readonly response: NonNullable<Rights['response']> }): VNode {
  const say = useWords(DUTY_TEXTS);
  const lang = useLang();
  const { media, at_least_days: days, promise, promise_ja: ja } = response;
  const facts: Fact[] = [];
  if (media !== undefined) {
    const by = wordsOf(ANSWER_WORDS, media, lang);
    facts.push([
      say('answerBy'),
      media.includes('email')
        ? by
        : `${by}${lang === 'ja' ? '。' : '. '}${say('answerElectronic')}`,
    ]);
  }
  if (promise !== undefined) facts.push([say('answerWhen'), <Own en={promise} ja={ja} />]);
  if (days !== undefined) facts.push([say('answerWhen'), say('atLeast', { days })]);
  return <Facts facts={facts} />;
}

/** When a request is refused, on what grounds use is suspended, and what becomes of what is sent along. */
function Conditions({ rights, legal }: RightsProps & { readonly rights: Rights }): VNode | null {
  const say = useWords(DUTY_TEXTS);
  const lang = useLang();
  const { refusals, suspension, case_data: data, entrusted } = rights;
  const facts: Fact[] = [];
  if (suspension !== undefined) {
    const grounds = suspension.grounds.includes('any')
      ? (['any'] as const)
      : [...new Set([...suspension.grounds, ...legal.rights.suspension_grounds])];
    facts.push([say('grounds'), wordsOf(GROUND_WORDS, grounds, lang)]);
  }
  if (refusals !== undefined)
    facts.push([
      say('refusals'),
      <ul>
        {refusals.map(({ ground }) => (
          <li key={ground}>{REFUSAL_WORDS[ground][lang]}</li>
        ))}
      </ul>,
    ]);
  if (entrusted !== undefined)
    facts.push([
      say('entrusted'),
      say(entrusted.route === 'desk' ? 'entrustedDesk' : 'entrustedRefuse'),
    ]);
  if (data !== undefined)
    facts.push([say('caseData'), say('caseDataText', { months: data.keep_months })]);
  return facts.length === 0 ? null : (
    <>
      <h3>{say('conditions')}</h3>
      <Facts facts={facts} />
    </>
  );
}
