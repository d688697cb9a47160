import {
  Button,
  CONTACT_KIND_WORDS,
  DataTable,
  type Fact,
  Facts,
  Form,
  type Lang,
  Moment,
  Notice,
  Section,
  speak,
} from '@kyoka/pages';
import type { PersonView } from '@kyoka/person';
import type { VNode } from 'preact';
import { PREFERENCE_WORDS } from '../words/page-words.js';
import { purposeName, recipientName } from './cell-names.js';
import { Frame } from './frame.js';
import { StopAtOnce } from './stop-at-once.js';
import { scopeText, stopName } from './stop-text.js';
import { Uses } from './uses.js';

export interface PreferencesProps {
  readonly lang: Lang;
  readonly view: PersonView;
  /** Path of the page itself. */
  readonly path: string;
  readonly mailing: boolean;
  /** Set where what was sent could not be read. */
  readonly unreadable?: boolean;
}

/** What is allowed and why, and every way to stop it. */
export function PreferencesPage({
  lang,
  view,
  path,
  mailing,
  unreadable,
}: PreferencesProps): VNode {
  const say = speak(PREFERENCE_WORDS, lang);
  const allowing = mailing && view.mailTargets.length > 0;
  return (
    <Frame lang={lang} words={PREFERENCE_WORDS} title="title">
      {unreadable === true && <Notice tone="bad">{say('unreadable')}</Notice>}
      <p>{say('lead')}</p>
      <Section id="stop" title={say('stopAll')}>
        <StopAtOnce view={view} path={path} receipts={mailing} />
      </Section>
      <Section id="uses" title={say('uses')}>
        <Uses view={view} path={path} allowing={allowing} />
        {!mailing && <p class="quiet">{say('noMail')}</p>}
        {mailing && view.mailTargets.length === 0 && <p class="quiet">{say('noAddress')}</p>}
      </Section>
      <Section id="ads" title={say('ads')}>
        <Ads lang={lang} view={view} path={path} />
      </Section>
      {view.needed.length > 0 && (
        <Section id="needed" title={say('needed')}>
          <p>{say('neededLead')}</p>
          <ul>
            {view.needed.map(({ purpose, stopped }) => (
              <li key={purpose.id}>
                {purposeName(purpose, lang)}
                {stopped && ` (${say('notAllowed')})`}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section id="stops" title={say('stops')}>
        <Stops lang={lang} view={view} path={path} />
      </Section>
      <Section id="contacts" title={say('yours')}>
        <Contacts lang={lang} view={view} />
      </Section>
    </Frame>
  );
}

type PartProps = Pick<PreferencesProps, 'lang' | 'view' | 'path'>;

function Ads({ lang, view, path }: PartProps): VNode {
  const say = speak(PREFERENCE_WORDS, lang);
  return (
    <>
      <p>{say('adsLead')}</p>
      <DataTable
        caption={say('ads')}
        empty={say('adsNone')}
        columns={[
          {
            title: say('company'),
            names: true,
            cell: ({ recipient }) => recipientName(view.recipientNames, recipient),
          },
          { title: say('holds'), cell: ({ kind }) => speak(CONTACT_KIND_WORDS, lang)(kind) },
          {
            title: say('since'),
            cell: ({ since, state }) => (
              <>
                {since !== undefined && <Moment at={since} />}
                {state === 'leaving' && ` (${say('leaving')})`}
              </>
            ),
          },
        ]}
        rows={view.holdings}
      />
      <p>{say(view.adsSwitch === 'on' ? 'adsSwitchOn' : 'adsSwitchOff')}</p>
      {view.adsSwitch === 'on' && (
        <Form action={path}>
          <Button name="stop" value="ads">
            {say('switchOff')}
          </Button>
        </Form>
      )}
    </>
  );
}

function Stops({ lang, view, path }: PartProps): VNode {
  const say = speak(PREFERENCE_WORDS, lang);
  if (view.stops.length === 0) return <p class="quiet">{say('noStops')}</p>;
  return (
    <ul>
      {view.stops.map((stop) => (
        <li key={stop.id}>
          <Moment at={stop.at} /> {stopName(stop, lang)}: {scopeText(stop, view, lang)}{' '}
          <a href={`${path}/stops/${stop.id}`}>
            {say('receiptOf')}
            <span class="hidden"> {scopeText(stop, view, lang)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Contacts({ lang, view }: Pick<PartProps, 'lang' | 'view'>): VNode {
  const say = speak(PREFERENCE_WORDS, lang);
  if (view.contacts.length === 0) return <p class="quiet">{say('noContacts')}</p>;
  const kinds = speak(CONTACT_KIND_WORDS, lang);
  return (
    <Facts facts={view.contacts.map(({ kind, masked }): Fact => [kinds(kind), masked || '***'])} />
  );
}
