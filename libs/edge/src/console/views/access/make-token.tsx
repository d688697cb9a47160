import { SCOPES } from '@kyoka/contracts';
import { DAY, tokyoDay } from '@kyoka/kernel';
import { Button, Choices, Field, Form, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { EnteredToken, TokenFaults, TokenField } from '../../access/token-form.js';
import { ACCESS, SCOPE_WORDS } from '../../words/access.js';
import type { Reader } from '../console-page.js';

interface MakeTokenProps {
  readonly caller: Reader['caller'];
  readonly entered: EnteredToken | undefined;
  readonly faults: TokenFaults;
  readonly now: string;
}

/** What the form proposes. */
const DAYS = 30;

/** Only what whoever makes it may do themselves is there to be chosen. */
export function MakeToken({ caller, entered, faults, now }: MakeTokenProps): VNode {
  const say = useWords(ACCESS);
  const scope = useWords(SCOPE_WORDS);
  const fault = (field: TokenField) => {
    const key = faults[field];
    return key === undefined ? undefined : say(key);
  };
  const chosen = new Set(entered?.scopes);
  return (
    <div class="panel">
      <p>{say('makeLead')}</p>
      <Form action="/access/tokens" csrf={caller.csrf}>
        <Field
          name="name"
          label={say('name')}
          value={entered?.name ?? ''}
          fault={fault('name')}
          required
        />
        {caller.scopes.has('tokens:write') && (
          <Field
            name="owner"
            label={say('owner')}
            hint={say('ownerHint')}
            value={entered?.owner ?? ''}
            fault={fault('owner')}
          />
        )}
        <Choices
          name="scopes"
          legend={say('scopes')}
          type="checkbox"
          fault={fault('scopes')}
          options={SCOPES.filter((one) => caller.scopes.has(one)).map((value) => ({
            value,
            label: scope(value),
            checked: chosen.has(value),
          }))}
        />
        <Field
          name="endsAt"
          label={say('endsOn')}
          hint={say('endsOnHint')}
          value={entered?.endsAt ?? tokyoDay(Date.parse(now) + DAYS * DAY)}
          fault={fault('endsAt')}
          required
        />
        <Field
          name="quotaPerMinute"
          label={say('quota')}
          hint={say('quotaHint')}
          value={entered?.quotaPerMinute ?? ''}
          fault={fault('quotaPerMinute')}
        />
        <Button kind="main">{say('make')}</Button>
      </Form>
    </div>
  );
}
