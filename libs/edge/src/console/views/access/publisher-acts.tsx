import type { PublisherAnswer } from '@kyoka/contracts';
import { Button, Field, Form, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import { ACCESS } from '../../words/access.js';

interface PublisherActsProps {
  readonly publisher: PublisherAnswer;
  readonly csrf: string | undefined;
  /** What was wrong with the form that was sent. */
  readonly fault?: 'needOverlap' | 'needReason' | undefined;
}

/** A new key, and the end of all keys. */
export function PublisherActs({ publisher, csrf, fault }: PublisherActsProps): VNode {
  const say = useWords(ACCESS);
  const { id, name } = publisher;
  const faultOf = (one: 'needOverlap' | 'needReason') => (fault === one ? say(one) : undefined);
  return (
    <>
      <details open={fault === 'needOverlap'}>
        <summary>
          {say('rotate')}
          <span class="hidden"> {name}</span>
        </summary>
        <Form action="/access/publishers/rotate" csrf={csrf} hidden={{ id }}>
          <Field
            id={`overlap-${id}`}
            name="overlap"
            label={say('overlap')}
            hint={say('endsOnHint')}
            fault={faultOf('needOverlap')}
          />
          <Button about={name}>{say('rotate')}</Button>
        </Form>
      </details>
      <details open={fault === 'needReason'}>
        <summary>
          {say('revoke')}
          <span class="hidden"> {name}</span>
        </summary>
        <p>{say('revokeSurePublisher')}</p>
        <Form action="/access/publishers/revoke" csrf={csrf} hidden={{ id }}>
          <Field
            id={`reason-${id}`}
            name="reason"
            label={say('reason')}
            fault={faultOf('needReason')}
            required
          />
          <Button kind="bad" about={name}>
            {say('revoke')}
          </Button>
        </Form>
      </details>
    </>
  );
}
