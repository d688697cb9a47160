import { type Fact, Facts, Notice, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import { ACCESS } from '../../words/access.js';

/** Something that is shown this once, whole and easily selected. */
export function Secret(props: {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly secret: string;
}): VNode {
  const say = useWords(ACCESS);
  return (
    <Notice tone="good" title={props.title}>
      <p>{say('madeLead')}</p>
      <Facts facts={props.facts} />
      <p>
        <code class="secret">{props.secret}</code>
      </p>
    </Notice>
  );
}
