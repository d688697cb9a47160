import { ANY } from '@kyoka/kernel';
import { Button, Choices, CHANNEL_WORDS, Form, useWords } from '@kyoka/pages';
import type { PersonView } from '@kyoka/person';
import type { VNode } from 'preact';
import { PREFERENCE_WORDS } from '../words/page-words.js';
import { groundsOf, isStoppable } from '../words/reasons.js';

/** The quickest ways out: everything that may be refused, every use, or one channel. */
export function StopAtOnce({
  view,
  path,
  receipts,
}: {
  view: PersonView;
  path: string;
  receipts: boolean;
}): VNode {
  const say = useWords(PREFERENCE_WORDS);
  const channel = useWords(CHANNEL_WORDS);
  const [to] = view.mailTargets;
  return (
    <Form action={path}>
      <p>{say('stopAllLead')}</p>
      {receipts && to !== undefined && (
        <Choices
          name="receipt"
          legend={say('receipt')}
          type="checkbox"
          options={[{ value: 'mail', label: say('mailReceipt', { to: to.masked }) }]}
        />
      )}
      <p>
        <Button kind="main" name="stop" value="advertising">
          {say('advertising')}
        </Button>
        <span class="hint">{say('advertisingHint')}</span>
      </p>
      <p>
        <Button kind="bad" name="stop" value="every_use">
          {say('everyUse')}
        </Button>
        <span class="hint">{say('everyUseHint')}</span>
      </p>
      {channelsOf(view).length > 0 && (
        <fieldset>
          <legend>{say('byChannel')}</legend>
          <div class="buttons">
            {channelsOf(view).map((one) => (
              <Button key={one} name="stop" value={`channel:${one}`}>
                {say('stopChannel', { channel: channel(one) })}
              </Button>
            ))}
          </div>
        </fieldset>
      )}
    </Form>
  );
}

/** Channels on which there is something left to stop. */
const channelsOf = ({ purposes }: PersonView) => [
  ...new Set(
    purposes
      .flatMap(({ cells }) => cells)
      .filter((cell) => isStoppable(groundsOf(cell.reasons)))
      .map((cell) => cell.channel)
      .filter((channel) => channel !== ANY),
  ),
];
