import type { ComponentChildren, VNode } from 'preact';
import { useFormats } from '../speech.js';

/** How a badge, a notice or a step is to be taken. The words say it too: colour alone tells nobody. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }): VNode {
  return <span class={`badge ${tone}`}>{children}</span>;
}

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ComponentChildren;
}

/** Something that the reader should not miss. A bad one is announced at once. */
export function Notice({ tone, title, children }: NoticeProps): VNode {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {title !== undefined && (
        <p>
          <strong>{title}</strong>
        </p>
      )}
      {children}
    </div>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A landmark with its heading. */
export function Section({ id, title, children }: SectionProps): VNode {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

export interface Stat {
  readonly label: string;
  readonly value: number;
  readonly aside?: string;
  readonly tone?: Tone;
}

/** A few numbers side by side. */
export function Stats({ stats }: { stats: readonly Stat[] }): VNode {
  const { number } = useFormats();
  return (
    <dl class="stats">
      {stats.map(({ label, value, aside, tone }) => (
        <div key={label} class={tone}>
          <dt>
            {label}
            {aside !== undefined && <span class="aside">{aside}</span>}
          </dt>
          <dd>{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

export type Fact = readonly [name: string, value: ComponentChildren];

/** Names and their values, one below the other. */
export function Facts({ facts }: { facts: readonly Fact[] }): VNode {
  return (
    <dl class="facts">
      {facts.flatMap(([name, value]) => [
        <dt key={`${name}-name`}>{name}</dt>,
        <dd key={`${name}-value`}>{value}</dd>,
      ])}
    </dl>
  );
}

/** A moment in the reader's words, in Asia/Tokyo. */
export function Moment({ at, precise }: { at: string; precise?: boolean }): VNode {
  const formats = useFormats();
  return <time dateTime={at}>{precise === true ? formats.precise(at) : formats.moment(at)}</time>;
}
