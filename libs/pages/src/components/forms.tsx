import type { ComponentChildren, VNode } from 'preact';
import { useWords } from '../speech.js';
import { CHROME } from '../words/chrome.js';
import type { Tone } from './parts.js';

export interface FormProps {
  readonly action: string;
  /** The session's token against forged requests; a form without a session has none. */
  readonly csrf?: string | undefined;
  /** Further fields that nobody sees. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

/** A form that is sent by POST: nothing that a form does can be done by following a link. */
export function Form({ action, csrf, hidden = {}, children }: FormProps): VNode {
  const fields = { ...hidden, ...(csrf !== undefined && { csrf }) };
  return (
    <form method="post" action={action} noValidate>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

export interface FieldProps {
  readonly name: string;
  /** Where several fields of a page have the name; what a fault of `ErrorSummary` names. */
  readonly id?: string;
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
  /** Which keyboard a phone shows. */
  readonly keyboard?: 'email' | 'tel';
  readonly value?: string;
  readonly required?: boolean;
  readonly autocomplete?: string;
}

const idOf = (name: string): string => `field-${name}`;

/** A label, a hint, what is wrong, and the input, tied together for every kind of reader. */
export function Field({ name, label, hint, fault, required, ...input }: FieldProps): VNode {
  const say = useWords(CHROME);
  const id = idOf(input.id ?? name);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required === true && <span class="quiet"> ({say('required')})</span>}
      </label>
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault !== undefined && (
        <span class="fault" id={`${id}-fault`}>
          {fault}
        </span>
      )}
      <input
        id={id}
        name={name}
        type="text"
        inputMode={input.keyboard}
        value={input.value}
        required={required}
        autocomplete={input.autocomplete ?? 'off'}
        aria-invalid={fault === undefined ? undefined : 'true'}
        aria-describedby={described === '' ? undefined : described}
      />
    </div>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly value?: string;
}

export function Select({ name, label, options, value }: SelectProps): VNode {
  const id = idOf(name);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export interface ChoicesProps {
  readonly name: string;
  readonly legend: string;
  readonly type: 'checkbox' | 'radio';
  readonly fault?: string | undefined;
  readonly options: readonly (Option & { readonly checked?: boolean; readonly hint?: string })[];
}

/** How many choices stand below each other, even where there is room beside. */
const FEW = 6;

/** Several to tick, or one to choose. */
export function Choices({ name, legend, type, fault, options }: ChoicesProps): VNode {
  const faultId = `${idOf(name)}-fault`;
  return (
    // Focusable, so that the summary of faults leads here.
    <fieldset
      id={idOf(name)}
      tabIndex={fault === undefined ? undefined : -1}
      aria-describedby={fault === undefined ? undefined : faultId}
    >
      <legend>{legend}</legend>
      {fault !== undefined && (
        <span class="fault" id={faultId}>
          {fault}
        </span>
      )}
      <div class={options.length > FEW ? 'choices many' : 'choices'}>
        {options.map(({ value, label, hint, checked }) => {
          const id = `${idOf(name)}-${value}`;
          return (
            <div class="choice" key={value}>
              <input id={id} type={type} name={name} value={value} checked={checked} />
              <label for={id}>
                {label}
                {hint !== undefined && <span class="hint">{hint}</span>}
              </label>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

export interface ButtonProps {
  readonly children: ComponentChildren;
  /** The one that the page is for, or one that takes something away. */
  readonly kind?: 'main' | 'plain' | Extract<Tone, 'bad'>;
  readonly name?: string;
  readonly value?: string;
  /** What it is about, where the same words stand on several buttons; read aloud only. */
  readonly about?: string;
}

export function Button({ children, kind, name, value, about }: ButtonProps): VNode {
  return (
    <button type="submit" class={kind} name={name} value={value}>
      {children}
      {about !== undefined && <span class="hidden"> {about}</span>}
    </button>
  );
}

/** What is wrong with a form, above it, each linked to its field. */
export function ErrorSummary({
  faults,
}: {
  faults: readonly { readonly name: string; readonly text: string }[];
}): VNode | null {
  const say = useWords(CHROME);
  if (faults.length === 0) return null;
  return (
    <div class="notice bad" role="alert" aria-labelledby="faults">
      <h2 id="faults">{say('faults')}</h2>
      <ul>
        {faults.map(({ name, text }) => (
          <li key={name}>
            <a href={`#${idOf(name)}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
