import {
  type Fact,
  Facts,
  type Lang,
  Page,
  Section,
  speak,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import type { PublishedPolicy } from '../ports.js';
import { DUTY_TEXTS, PROVISION_TEXTS, PUBLISHED, USE_TEXTS } from '../words/page.js';
import { Contact, History, More } from './company.js';
import { Named, TextContext, Unstated } from './parts.js';
import { Ads, Anonymised, Cookies, JointUse, Processors, ThirdParties } from './provision.js';
import { Acquisition, Keeping, Purposes } from './purposes.js';
import { Requests } from './requests.js';

interface Part {
  readonly id: string;
  readonly title: string;
  readonly shows: VNode;
}

/** What of a policy the page shows: only parts for which it states something, or the law wants it to. */
function partsOf(shown: PublishedPolicy, lang: Lang): Part[] {
  const { policy, legal, countries } = shown;
  const uses = speak(USE_TEXTS, lang);
  const gives = speak(PROVISION_TEXTS, lang);
  const duties = speak(DUTY_TEXTS, lang);
  const {
    ad_matching: ads,
    joint_use: joint,
    cookies,
    anonymised,
    safety_measures: safety,
  } = policy;
  const part = (id: string, title: string, shows: VNode): Part => ({ id, title, shows });
  return [
    part('purposes', uses('purposes'), <Purposes policy={policy} legal={legal} />),
    part('acquisition', uses('acquisition'), <Acquisition policy={policy} />),
    ...(ads ? [part('ads', gives('ads'), <Ads ads={ads} countries={countries} />)] : []),
    part('third-parties', gives('thirdParties'), <ThirdParties policy={policy} />),
    ...(joint?.length ? [part('joint-use', gives('jointUse'), <JointUse joint={joint} />)] : []),
    part('processors', gives('processors'), <Processors policy={policy} />),
    ...(cookies
      ? [part('cookies', gives('cookies'), <Cookies policy={policy} cookies={cookies} />)]
      : []),
    ...(anonymised
      ? [part('anonymised', gives('anonymised'), <Anonymised data={anonymised} />)]
      : []),
    ...(policy.statistics
      ? [
          part(
            'statistics',
            gives('statistics'),
            <p>
              {gives(
                policy.statistics.to === 'internal'
                  ? 'statisticsInternal'
                  : 'statisticsThirdParties',
              )}
            </p>,
          ),
        ]
      : []),
    part('requests', duties('requests'), <Requests policy={policy} legal={legal} />),
    part('keeping', uses('keeping'), <Keeping policy={policy} />),
    part(
      'safety',
      duties('safety'),
      safety ? (
        <Named items={safety} />
      ) : (
        <p>
          <Unstated policy={policy} />
        </p>
      ),
    ),
    ...(policy.statements || policy.calls
      ? [part('more', duties('more'), <More policy={policy} />)]
      : []),
    part('contact', duties('contact'), <Contact policy={policy} />),
    part('history', duties('history'), <History policy={policy} versions={shown.versions} />),
  ];
}

export interface PolicyPageProps {
  readonly lang: Lang;
  /** Path of the page itself. */
  readonly path: string;
  readonly shown: PublishedPolicy;
}

/** A policy as everybody may read it. */
export function PolicyPage({ lang, path, shown }: PolicyPageProps): VNode {
  const say = speak(PUBLISHED, lang);
  const { policy, text } = shown;
  const { title, title_ja: ja } = policy.policy;
  const heading = lang === 'ja' ? (ja ?? title) : title;
  const parts = partsOf(shown, lang);
  const textPath = `${path}/text`;
  return (
    <Page lang={lang} title={heading} path={path} open>
      <TextContext.Provider
        value={{ path: textPath, sections: Object.keys(policy.policy.text?.sections ?? {}) }}
      >
        <h1>{heading}</h1>
        <p>{say('lead')}</p>
        <Identity shown={shown} />
        {text !== undefined && (
          <p>
            <a class="button" href={textPath}>
              {say('readText')}
            </a>
          </p>
        )}
        <nav class="contents" aria-label={say('contents')}>
          <ul>
            {parts.map((part) => (
              <li key={part.id}>
                <a href={`#${part.id}`}>{part.title}</a>
              </li>
            ))}
          </ul>
        </nav>
        {parts.map((part) => (
          <Section key={part.id} id={part.id} title={part.title}>
            {part.shows}
          </Section>
        ))}
      </TextContext.Provider>
    </Page>
  );
}

function Identity({ shown: { policy } }: { readonly shown: PublishedPolicy }): VNode {
  const say = useWords(PUBLISHED);
  const { day } = useFormats();
  const { version, text_date: date, enacted, effective_from: from } = policy.policy;
  const facts: Fact[] = [[say('version'), say('versionNumber', { version })]];
  if (date !== null) facts.push([say('textDate'), day(date)]);
  if (enacted !== undefined) facts.push([say('enacted'), day(enacted)]);
  if (from !== null) facts.push([say('effective'), day(from)]);
  return <Facts facts={facts} />;
}
