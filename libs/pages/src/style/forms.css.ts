import { css } from './css.js';

/** Fields and buttons: at least 44 px high, so that a thumb meets them. */
export const FORMS = css`
  .field {
    margin-bottom: 1.25rem;
    max-width: 34rem;
  }
  label,
  legend {
    font-weight: 600;
  }
  .field > label {
    display: block;
    margin-bottom: 0.25rem;
  }
  .hint {
    display: block;
    color: var(--quiet);
    font-size: 0.875rem;
    font-weight: 400;
    margin: 0 0 0.25rem;
  }
  .fault {
    display: block;
    color: var(--bad);
    font-weight: 600;
    margin: 0 0 0.25rem;
  }
  input:not([type='checkbox'], [type='radio'], [type='hidden']),
  select,
  textarea {
    font: inherit;
    color: inherit;
    background: var(--surface);
    width: 100%;
    min-height: 2.75rem;
    padding: 0.375rem 0.75rem;
    border: 1px solid var(--edge);
    border-radius: var(--round);
  }
  [aria-invalid='true'] {
    border-color: var(--bad);
    border-width: 2px;
  }
  fieldset {
    border: 0;
    padding: 0;
    margin: 0 0 1.25rem;
    min-width: 0;
  }
  .choices.many {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr));
    gap: 0 1.5rem;
  }
  .choice {
    display: flex;
    align-items: flex-start;
    gap: 0.625rem;
    padding: 0.5rem 0;
    min-height: 2.75rem;
  }
  .choice label {
    font-weight: 400;
  }
  .choice input {
    width: 1.25rem;
    height: 1.25rem;
    margin: 0.25em 0 0;
    flex: none;
    accent-color: var(--accent);
  }
  button,
  .button {
    font: inherit;
    font-weight: 600;
    display: inline-block;
    min-height: 2.75rem;
    padding: 0.375rem 1.125rem;
    border-radius: var(--round);
    border: 1px solid var(--edge);
    background: var(--surface);
    color: var(--ink);
    text-decoration: none;
    cursor: pointer;
  }
  button:hover,
  .button:hover {
    background: var(--sunken);
  }
  button.main,
  .button.main {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--accent-ink);
  }
  button.main:hover,
  .button.main:hover {
    filter: brightness(1.12);
  }
  button.bad {
    border-color: var(--bad);
    color: var(--bad);
  }
  button.bad:hover {
    background: var(--bad-soft);
  }
  button.plain {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 0.2em;
    font-weight: 400;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: center;
  }
`;
