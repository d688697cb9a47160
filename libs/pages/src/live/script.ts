/**
 * Keeps the parts of a page marked `data-live` up to date: asks for the same page every few seconds
 * while somebody sees it, and puts in what differs. It is the browser's, so it is text here; without it
 * a page tells how things stood when it was asked for. It leaves alone a part that holds the focus.
 */
export const LIVE_SCRIPT = `
const EVERY_MS = 3000;
const pause = document.querySelector('[data-live-pause]');
let paused = false;

async function refresh() {
  if (paused || document.hidden) return;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'error' });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next === null || part.contains(document.activeElement) || part.isEqualNode(next)) continue;
    for (const [index, details] of part.querySelectorAll('details').entries()) {
      const same = next.querySelectorAll('details')[index];
      if (same !== undefined) same.open = details.open;
    }
    part.replaceChildren(...document.importNode(next, true).childNodes);
  }
}

if (pause !== null) {
  pause.hidden = false;
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause;
  });
}
(async function turn() {
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  await refresh().catch(() => undefined);
  void turn();
})();
`;
