import { DataTable, type Fact, Facts, useFormats, useLang, useWords } from '@kyoka/pages';
import { filingComplete, type Policy } from '@kyoka/policy';
import type { VNode } from 'preact';
import type { PublishedPolicy } from '../ports.js';
import {
  BASIS_WORDS,
  DISCLOSURE_WORDS,
  MEDIUM_WORDS,
  PROCESSOR_WORDS,
  RECIPIENT_KIND_WORDS,
  TRANSFORM_WORDS,
} from '../words/lists.js';
import { PROVISION_TEXTS, PUBLISHED } from '../words/page.js';
import {
  categoriesNamed,
  Clause,
  itemsOf,
  Named,
  NOTHING,
  Own,
  purposesNamed,
  wordsOf,
} from './parts.js';

type Shown = Pick<PublishedPolicy, 'policy'>;

/** Each advertising company, what it gets, and where its ads are switched off. */
export function Ads({
  ads,
  countries,
}: {
  readonly ads: NonNullable<Policy['ad_matching']>;
  readonly countries: PublishedPolicy['countries'];
}): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  const regions = new Intl.DisplayNames(lang, { type: 'region' });
  const items = itemsOf(
    Object.values(ads.items).filter((one) => one !== undefined),
    lang,
  );
  const registered = ads.recipients.some(({ id }) => countries.has(id));
  return (
    <>
      <p>{say('adsLead')}</p>
      <DataTable
        caption={say('adsTable')}
        rows={ads.recipients}
        columns={[
          { title: say('company'), names: true, cell: ({ id, name }) => name ?? id },
          ...(registered
            ? [
                {
                  title: say('country'),
                  cell: ({ id }: { id: string }) => {
                    const country = countries.get(id);
                    return country === undefined ? NOTHING : (regions.of(country) ?? country);
                  },
                },
              ]
            : []),
          { title: say('items'), cell: () => items },
          {
            title: say('optOut'),
            cell: ({ id, name, opt_out_page: page }) =>
              page === undefined ? (
                NOTHING
              ) : (
                <a href={page} rel="noreferrer external">
                  {say('optOutOf', { company: name ?? id })}
                  <span class="quiet"> {say('opensElsewhere')}</span>
                </a>
              ),
          },
        ]}
      />
      {!ads.lookalike && <p>{say('noLookalike')}</p>}
    </>
  );
}

/** To whom else data may go, and on what ground. A basis or ground that the law doesn't know is none. */
export function ThirdParties({ policy }: Shown): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  const { kinds, bases, items, purposes, media, exceptions, filing, clause } = policy.third_party;
  const filed = filingComplete(filing);
  const used = (bases ?? []).filter((basis) => basis !== 'opt_out_filed' || filed);
  const facts: Fact[] = [];
  if (kinds !== null)
    facts.push([
      say('kinds'),
      say('onlyKinds', { list: wordsOf(RECIPIENT_KIND_WORDS, kinds, lang) }),
    ]);
  if (used.length > 0) facts.push([say('basis'), wordsOf(BASIS_WORDS, used, lang)]);
  if (items !== undefined) facts.push([say('items'), itemsOf(items, lang)]);
  if (purposes !== undefined) facts.push([say('purposes'), purposesNamed(policy, purposes, lang)]);
  if (media !== undefined) facts.push([say('media'), wordsOf(MEDIUM_WORDS, media, lang)]);
  if (exceptions !== undefined)
    facts.push([
      say('exceptions'),
      <ul>
        {exceptions.map(({ ground }) => (
          <li key={ground}>{DISCLOSURE_WORDS[ground][lang]}</li>
        ))}
      </ul>,
    ]);
  return (
    <>
      <Facts facts={facts} />
      <InText clause={clause} />
      {(bases ?? []).includes('opt_out_filed') && (
        <>
          <h3>{say('filing')}</h3>
          {filed && filing !== null ? <Filing filing={filing} /> : <p>{say('filingOff')}</p>}
        </>
      )}
    </>
  );
}

/** What is published and filed for provision by opt-out (APPI Art. 27(2)). */
function Filing({
  filing,
}: {
  readonly filing: NonNullable<Policy['third_party']['filing']>;
}): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  const { day } = useFormats();
  return (
    <>
      <p>{say('filingLead')}</p>
      <Facts
        facts={[
          [say('filingOperator'), filing.operator],
          [say('items'), itemsOf(filing.items ?? [], lang)],
          [say('filingAcquired'), filing.how_acquired],
          [say('filingProvided'), filing.how_provided],
          [say('filingStop'), filing.how_to_stop],
          [say('filingUpdated'), filing.how_updated],
          [say('filingStart'), day(filing.start)],
          [say('filingNumber'), filing.number],
        ]}
      />
    </>
  );
}

/** Joint uses (APPI Art. 27(5)(iii)), or that the policy has none. */
export function JointUse({ joint }: { readonly joint: NonNullable<Policy['joint_use']> }): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  if (joint === 'prohibited') return <p>{say('jointProhibited')}</p>;
  return (
    <>
      {joint.map((one) => (
        <Facts
          key={one.scope}
          facts={[
            [say('jointWho'), one.recipients.join(PUBLISHED.and[lang])],
            [say('jointScope'), one.scope],
            [say('purposes'), one.purpose],
            [say('jointItems'), itemsOf(one.items, lang)],
            [
              say('responsible'),
              [one.responsible, one.address, one.representative]
                .filter((part) => part !== undefined)
                .join(PUBLISHED.and[lang]),
            ],
          ]}
        />
      ))}
    </>
  );
}

/** How those are chosen and watched who work for the company. Training alone is no supervision. */
export function Processors({ policy }: Shown): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  const { evidence, review_months: months, clause } = policy.processors;
  const facts: Fact[] = [
    [say('processorEvidence'), wordsOf(PROCESSOR_WORDS, evidence ?? ['contract'], lang)],
  ];
  if (months !== null) facts.push([say('review'), say('reviewEvery', { months })]);
  return (
    <>
      <p>{say('processorsLead')}</p>
      <Facts facts={facts} />
      <InText clause={clause} />
    </>
  );
}

/** What cookies are for and for whom they may be linked to a person. */
export function Cookies({
  policy,
  cookies,
}: Shown & { readonly cookies: NonNullable<Policy['cookies']> }): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  const linked = policy.cookie_linking ?? [];
  const facts: Fact[] = [[say('cookieUses'), <Named items={cookies.uses} />]];
  if (cookies.attributes !== undefined)
    facts.push([say('cookieItems'), itemsOf(cookies.attributes, lang)]);
  facts.push([
    say('linking'),
    linked.length === 0
      ? say('linkedNever')
      : say('linkedFor', { list: categoriesNamed(policy, linked, lang) }),
  ]);
  if (cookies.refusal !== undefined)
    facts.push([say('refuse'), <Own en={cookies.refusal} ja={cookies.refusal_ja} />]);
  return (
    <>
      <Facts facts={facts} />
      <InText clause={cookies.clause} />
    </>
  );
}

/** What is published of anonymised data (APPI Art. 43(3), 44). */
export function Anonymised({ data }: { readonly data: NonNullable<Policy['anonymised']> }): VNode {
  const say = useWords(PROVISION_TEXTS);
  const lang = useLang();
  return (
    <>
      <p>{say(data.provided ? 'anonymisedGiven' : 'anonymisedKept')}</p>
      <Facts
        facts={[
          [say('anonymisedItems'), <Named items={data.items} />],
          [say('anonymisedMethods'), <Named items={data.methods} />],
          [say('dropped'), itemsOf(data.drop, lang)],
          [
            say('transformed'),
            <ul>
              {data.transforms.map(({ item, into }) => (
                <li key={item}>
                  {say('becomes', {
                    item: itemsOf([item], lang),
                    into: TRANSFORM_WORDS[into][lang],
                  })}
                </li>
              ))}
            </ul>,
          ],
        ]}
      />
      <InText clause={data.clause} />
    </>
  );
}

/** Where the text says what a section shows. */
function InText({ clause }: { readonly clause: string }): VNode {
  const say = useWords(PUBLISHED);
  return (
    <p class="quiet">
      {say('clause')}: <Clause clause={clause} />
    </p>
  );
}
