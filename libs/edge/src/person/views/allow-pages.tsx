import { Button, Choices, Form, type Lang, Notice, speak } from '@kyoka/pages';
import {
  type Cell,
  cellKey,
  type CellView,
  type PersonView,
  type WishOutcome,
} from '@kyoka/person';
import type { VNode } from 'preact';
import { ACT_WORDS } from '../words/page-words.js';
import { channelName, purposeNamed } from './cell-names.js';
import { Frame } from './frame.js';
import { State, Why } from './uses.js';

interface AllowProps {
  readonly lang: Lang;
  readonly view: PersonView;
  readonly cell: Cell;
  /** Place of the preset address among the person's. */
  readonly preset: number;
  readonly path: string;
}

/** Before anything is sent: what would be allowed, and where the confirmation goes. */
export function AllowPage({ lang, view, cell, preset, path }: AllowProps): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title="allowTitle">
      <p>{say('allowLead')}</p>
      <h2>{say('allowWhat')}</h2>
      <Cells lang={lang} view={view} cells={[cell]} />
      <Form action={path} hidden={{ allow: cellKey(cell) }}>
        <Choices
          name="to"
          legend={say('sendTo')}
          type="radio"
          options={view.mailTargets.map(({ masked }, index) => ({
            value: String(index),
            label: masked,
            checked: index === preset,
          }))}
        />
        <p class="quiet">{say('onlyMail')}</p>
        <Button kind="main">{say('send')}</Button>
      </Form>
      <p>
        <a href={path}>{say('back')}</a>
      </p>
    </Frame>
  );
}

/** After it was asked for. */
export function AskedPage({
  lang,
  to,
  path,
  tooMany,
}: {
  lang: Lang;
  to: string;
  path: string;
  tooMany: boolean;
}): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title={tooMany ? 'tooMany' : 'asked'}>
      <Notice tone={tooMany ? 'warn' : 'good'}>
        {tooMany ? say('tooManyLead') : say('askedLead', { to })}
      </Notice>
      <p>
        <a href={path}>{say('back')}</a>
      </p>
    </Frame>
  );
}

/** Behind the link of the mail: a button, since whoever opens links for the person may be a scanner. */
export function ConfirmPage({
  lang,
  view,
  cells,
  path,
}: {
  lang: Lang;
  view: PersonView;
  cells: readonly Cell[];
  path: string;
}): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title="confirmTitle">
      <p>{say('confirmLead')}</p>
      <h2>{say('allowWhat')}</h2>
      <Cells lang={lang} view={view} cells={cells} />
      <Form action={path}>
        <Button kind="main" name="confirm" value="yes">
          {say('confirm')}
        </Button>
      </Form>
      <p>{say('confirmNot')}</p>
    </Frame>
  );
}

/** How the cells stand after the confirmation, which may not be all that stands against them. */
export function DonePage({
  lang,
  view,
  outcome,
  cells,
}: {
  lang: Lang;
  view: PersonView;
  outcome: WishOutcome;
  cells: readonly CellView[];
}): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title={outcome}>
      <p>{say(`${outcome}Lead`)}</p>
      <ul>
        {cells.map((cell) => (
          <li key={cellKey(cell)}>
            {cellName(cell, view, lang)} <State cell={cell} /> <Why cell={cell} />
          </li>
        ))}
      </ul>
    </Frame>
  );
}

function Cells({
  lang,
  view,
  cells,
}: {
  lang: Lang;
  view: PersonView;
  cells: readonly Cell[];
}): VNode {
  return (
    <ul>
      {cells.map((cell) => (
        <li key={cellKey(cell)}>{cellName(cell, view, lang)}</li>
      ))}
    </ul>
  );
}

const cellName = (cell: Cell, view: PersonView, lang: Lang): string =>
  `${purposeNamed(view, cell.purpose, lang)} (${channelName(cell, view, lang)})`;
