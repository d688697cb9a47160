import type { ComponentChildren, VNode } from 'preact';
import { useWords } from '../speech.js';
import { CHROME } from '../words/chrome.js';

/** A part of a page that the script keeps up to date. Its id is unique in the page. */
export function Live({ id, children }: { id: string; children: ComponentChildren }): VNode {
  return (
    <div id={id} data-live="">
      {children}
    </div>
  );
}

/** Stops and resumes the updates of a page (WCAG 2.2.2); without the script, a link that asks again. */
export function LiveControls({ path }: { path: string }): VNode {
  const say = useWords(CHROME);
  return (
    <p class="line">
      <button
        type="button"
        class="plain"
        hidden
        data-live-pause=""
        data-pause={say('pause')}
        data-resume={say('resume')}
      >
        {say('pause')}
      </button>
      <a href={path}>{say('refresh')}</a>
    </p>
  );
}
