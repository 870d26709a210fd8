// The two transcripts: deltas become paragraphs, and paragraphs a list that a reader can follow.

import { html, useLayoutEffect, useRef } from "./vendor.js";

const PAUSE_MS = 2500; // After so long without a word a new paragraph begins.
const MOST = 200; // Paragraphs kept; the oldest are dropped.

/** `paragraphs` with a few more words. Each is {id, text, language, at}; the array is a new one. */
export function withWords(paragraphs, { text, language }, at) {
  const last = paragraphs.at(-1);
  const goesOn = last && last.language === language && at - last.at < PAUSE_MS;
  if (goesOn) return [...paragraphs.slice(0, -1), { ...last, text: last.text + text, at }];
  const id = (last?.id ?? 0) + 1;
  return [...paragraphs, { id, text: text.trimStart(), language, at }].slice(-MOST);
}

/** Text is set as text, in its own direction; the newest is in sight unless the reader has scrolled away from it. */
export function Words({ title, paragraphs, kind, live, empty }) {
  const box = useRef(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [paragraphs]);
  const scrolled = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
    atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return html`
    <section class="card">
      <h2 id=${`title-${kind}`}>${title}</h2>
      <div
        class="words"
        role="log"
        aria-live=${live}
        aria-labelledby=${`title-${kind}`}
        tabindex="0"
        ref=${box}
        onScroll=${scrolled}
      >
        ${paragraphs.length === 0 && html`<p class="muted">${empty}</p>`}
        ${paragraphs.map(
          ({ id, text, language }) =>
            html`<p key=${id} class=${`said ${kind}`} lang=${language || undefined} dir="auto">${text}</p>`,
        )}
      </div>
    </section>
  `;
}
