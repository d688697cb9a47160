import type { Identity } from '@kyoka/access';
import type { Scope } from '@kyoka/contracts';
import { Button, Form, type Lang, Page, speak } from '@kyoka/pages';
import type { ComponentChildren, VNode } from 'preact';
import { policiesLink } from '../../published/link.js';
import type { Names } from '../read/names.js';
import { FRAME } from '../words/frame.js';
import { FollowContext, mayFollow } from './may-follow.js';
import { NamesContext, NOBODY_NAMED } from './use-names.js';

/** Who reads a page, and in which language. */
export interface Reader {
  readonly lang: Lang;
  /** What ids are called; without it they stand for themselves. */
  readonly names?: Names;
  readonly caller: Pick<Identity, 'owner' | 'scopes' | 'csrf'>;
}

/** Pages by their place in the menu, each shown to whoever may open it; without a scope, to everybody. */
const PLACES = {
  home: ['/', 'operations:read'],
  audiences: ['/audiences', 'operations:read'],
  suspensions: ['/suspensions', 'operations:read'],
  people: ['/people', 'subjects:read'],
  parked: ['/parked', 'parked:read'],
  overdue: ['/removals/overdue', 'operations:read'],
  policies: ['/policies', 'operations:read'],
  access: ['/access', undefined],
} as const satisfies Readonly<Record<string, readonly [path: string, scope: Scope | undefined]>>;
type Place = keyof typeof PLACES;

export interface ConsolePageProps extends Reader {
  readonly place: Place;
  /** Path of the page itself, where it isn't the one of its place. */
  readonly path?: string;
  readonly title: string;
  readonly live?: boolean;
  readonly children: ComponentChildren;
}

/** The frame of every page for the company's people. */
export function ConsolePage(props: ConsolePageProps): VNode {
  const { lang, caller, names = NOBODY_NAMED, place, path, title, live, children } = props;
  const say = speak(FRAME, lang);
  const navigation = (Object.keys(PLACES) as Place[])
    .filter((one) => {
      const scope = PLACES[one][1];
      return scope === undefined || caller.scopes.has(scope);
    })
    .map((one) => ({ href: PLACES[one][0], label: say(one), current: one === place }));
  return (
    <Page
      lang={lang}
      title={title}
      path={path ?? PLACES[place][0]}
      navigation={navigation}
      account={
        <>
          <span>{say('signedIn', { owner: caller.owner })}</span>
          {caller.csrf !== undefined && (
            <Form action="/sign-out" csrf={caller.csrf}>
              <Button kind="plain">{say('signOut')}</Button>
            </Form>
          )}
        </>
      }
      footer={[policiesLink(lang)]}
      {...(live === true && { live })}
    >
      <h1>{title}</h1>
      <NamesContext.Provider value={names}>
        <FollowContext.Provider value={mayFollow(caller)}>{children}</FollowContext.Provider>
      </NamesContext.Provider>
    </Page>
  );
}
