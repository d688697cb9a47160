import type { ComponentChildren, VNode } from 'preact';
import type { Tone } from './parts.js';
import { Moment } from './parts.js';

export interface Step {
  readonly what: ComponentChildren;
  /** ISO 8601; left out for what has not happened. */
  readonly at?: string | undefined;
  /** In words beside the moment, such as how long it took. */
  readonly aside?: string | undefined;
  readonly tone?: Tone;
}

/** What happened, in its order. */
export function Timeline({ steps }: { steps: readonly Step[] }): VNode {
  return (
    <ol class="timeline">
      {steps.map(({ what, at, aside, tone }, index) => (
        <li key={index} class={tone}>
          <span class="what">{what}</span>
          <span class="when">
            {at !== undefined && <Moment at={at} precise />}
            {at !== undefined && aside !== undefined && ' · '}
            {aside}
          </span>
        </li>
      ))}
    </ol>
  );
}
