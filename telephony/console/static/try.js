// The page /try: choose a language, talk or share a tab's sound, hear the translation and read both transcripts.

import { Interpreting } from "./interpreting.js";
import { found, likeliest, named, nameOf } from "./languages.js";
import { capture, captureRecording, openMicrophone, openTab } from "./sound.js";
import { TROUBLES } from "./troubles.js";
import { computed, html, render, signal } from "./vendor.js";
import { withWords, Words } from "./words.js";

const LOCALES = navigator.languages?.length ? [...navigator.languages] : ["en"];
const LATE_S = 4;
const VERY_LATE_S = 8;
const QUIETEST_DBFS = -60;

const languages = signal([]);
const typed = signal("");
const target = signal("");
const echo = signal(false);
const headphones = signal(false);
const phase = signal("idle");
const attempt = signal("");
const trouble = signal(null);
const lag = signal(null);
const words = { heard: signal([]), spoken: signal([]) };
const levels = { heard: signal(null), spoken: signal(null) };

const shown = computed(() => found(languages.value, typed.value));
const chosen = computed(() => languages.value.find(({ code }) => code === target.value));
const detected = computed(() => {
  const language = words.heard.value.at(-1)?.language;
  return language ? nameOf(language, LOCALES) || language : "";
});
const running = computed(() => phase.value !== "idle");

const interpreting = new Interpreting((change) => {
  if ("phase" in change) phase.value = change.phase;
  if ("attempt" in change) attempt.value = change.attempt;
  if ("trouble" in change) trouble.value = change.trouble;
  if ("lag" in change) lag.value = change.lag;
  if (change.words) {
    const side = words[change.words.side];
    side.value = withWords(side.value, change.words, performance.now());
  }
  for (const [side, level] of Object.entries(change.levels ?? {})) levels[side].value = level;
});

const wish = () => ({ target: target.value, echo: echo.value });

function talk() {
  interpreting.start(async (heard, gone) => {
    const stream = await openMicrophone(headphones.value);
    return capture(stream, heard, () => gone("microphone-gone"));
  }, wish());
}

function shareTab() {
  interpreting.start(async (heard, gone) => {
    const stream = await openTab();
    return capture(stream, heard, () => gone("tab-gone"));
  }, wish());
}

function playRecording({ currentTarget }) {
  const [file] = currentTarget.files;
  currentTarget.value = "";
  if (file) interpreting.start((heard) => captureRecording(file, heard), wish());
}

function choose(code) {
  if (!code || code === target.value) return;
  target.value = code;
  interpreting.change(wish());
}

function setEcho({ currentTarget }) {
  echo.value = currentTarget.checked;
  interpreting.change(wish());
}

/** The first language found is chosen by Enter, and the list is reached by the arrow. */
function searchKey(event) {
  if (event.key === "Enter") {
    event.preventDefault();
    choose(shown.value[0]?.code);
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    document.getElementById("language").focus();
  }
}

function said() {
  const into = chosen.value?.autonym ?? "";
  switch (phase.value) {
    case "starting":
      return "Asking for the sound …";
    case "connecting":
      return "Connecting to the interpreter …";
    case "running":
      return `Listening. You hear everything in ${into}.`;
    case "reconnecting":
      return `The connection was lost. Connecting again, try ${attempt.value} …`;
    default:
      return languages.value.length ? "Ready." : "Loading …";
  }
}

function Languages() {
  const count = shown.value.length;
  return html`
    <div class="stack">
      <div class="field">
        <label for="search">Translate into</label>
        <input
          id="search"
          type="search"
          autocomplete="off"
          spellcheck="false"
          placeholder="Search by name"
          aria-controls="language"
          value=${typed}
          onInput=${({ currentTarget }) => (typed.value = currentTarget.value)}
          onKeyDown=${searchKey}
        />
        <p class="visually-hidden" role="status">${count === 1 ? "1 language" : `${count} languages`}</p>
      </div>
      <div class="field">
        <label class="visually-hidden" for="language">Languages</label>
        <select id="language" size="7" value=${target.value} onChange=${({ currentTarget }) => choose(currentTarget.value)}>
          ${shown.value.map(
            ({ code, autonym, yours }) =>
              html`<option key=${code} value=${code} selected=${code === target.value}>
                ${autonym === yours ? autonym : `${autonym} – ${yours}`}
              </option>`,
          )}
        </select>
      </div>
      ${count === 0 && html`<p class="muted">No language has that in its name.</p>`}
    </div>
  `;
}

function Switch({ id, label, hint, value, onChange, disabled }) {
  return html`
    <div>
      <label class="switch" for=${id}>
        <input
          id=${id}
          type="checkbox"
          role="switch"
          checked=${value}
          disabled=${disabled}
          aria-describedby=${`${id}-hint`}
          onChange=${onChange}
        />
        ${label}
      </label>
      <p class="muted small" id=${`${id}-hint`}>${hint}</p>
    </div>
  `;
}

function Buttons() {
  if (running.value) {
    return html`<div class="row">
      <button class="button danger wide" type="button" onClick=${() => interpreting.stop()}>Stop</button>
    </div>`;
  }
  const disabled = !chosen.value;
  return html`
    <div class="row">
      <button class="button primary wide" type="button" disabled=${disabled} onClick=${talk}>Talk</button>
      <button class="button wide" type="button" disabled=${disabled} onClick=${shareTab}>Share a tab's sound</button>
      <label class="button file wide">
        Play a recording
        <input type="file" accept="audio/*" disabled=${disabled} onChange=${playRecording} />
      </label>
    </div>
  `;
}

function Level({ side, label }) {
  const level = levels[side].value;
  const value = level === null ? QUIETEST_DBFS : Math.max(QUIETEST_DBFS, level);
  return html`
    <label class="level small">
      ${label}
      <meter class="meter" min=${QUIETEST_DBFS} max="0" value=${value}></meter>
    </label>
  `;
}

function LagLight() {
  const seconds = lag.value;
  if (seconds === null) return html`<p class="light" id="lag">Nothing translated yet</p>`;
  const state = seconds < LATE_S ? "good" : seconds < VERY_LATE_S ? "warn" : "bad";
  return html`<p class="light" id="lag" data-state=${state}>
    <span><span class="figures">${seconds.toFixed(1)}</span> s behind</span>
  </p>`;
}

function TroubleNotice() {
  if (!trouble.value) return null;
  const [what, todo, link] = TROUBLES[trouble.value] ?? TROUBLES.odd;
  return html`<div class="notice" data-state="bad">
    <p><strong>${what}</strong> ${link ? html`<a href=${link}>${todo}</a>` : todo}</p>
  </div>`;
}

function Page() {
  return html`
    <header class="bar">
      <a class="brand" href="/">telephony</a>
      <nav aria-label="Pages">
        <a href="/">Live calls</a>
        <a href="/try" aria-current="page">Try</a>
      </nav>
    </header>
    <main class="page">
      <h1>Try the interpreter</h1>
      <section class="card choice" aria-label="What to do">
        <${Languages} />
        <div class="stack">
          <p>Into <strong lang=${target.value || undefined}>${chosen.value?.autonym ?? "…"}</strong></p>
          <${Switch}
            id="echo"
            label="Repeat what is in that language already"
            hint="Otherwise the interpreter is silent on it."
            value=${echo}
            onChange=${setEcho}
          />
          <${Switch}
            id="headphones"
            label="I wear headphones"
            hint="The microphone's sound is then sent as it is; without them your browser takes the echo out of it."
            value=${headphones}
            disabled=${running.value}
            onChange=${({ currentTarget }) => (headphones.value = currentTarget.checked)}
          />
          <${Buttons} />
          <p role="status" id="state">${said()}</p>
        </div>
      </section>
      <div role="alert"><${TroubleNotice} /></div>
      <section class="card halves" aria-label="Levels and delay">
        <div class="stack">
          <${Level} side="heard" label="What is heard" />
          <${Level} side="spoken" label="The translation" />
        </div>
        <div class="stack">
          <${LagLight} />
          <p class="muted small" id="detected">${detected.value ? `Heard: ${detected.value}` : "No speech heard yet"}</p>
        </div>
      </section>
      <div class="halves">
        <${Words}
          kind="heard"
          title="What was said"
          live="off"
          empty="The words that are heard appear here."
          paragraphs=${words.heard.value}
        />
        <${Words}
          kind="translated"
          title="Translation"
          live="polite"
          empty="Their translation appears here."
          paragraphs=${words.spoken.value}
        />
      </div>
    </main>
  `;
}

async function load() {
  const answer = await fetch("/api/languages").catch(() => null);
  if (!answer?.ok) {
    trouble.value = answer?.status === 401 ? "signed-out" : answer?.status === 403 ? "not-allowed" : "offline";
    return;
  }
  const { languages: all } = await answer.json();
  languages.value = named(all, LOCALES);
  target.value = likeliest(languages.value, LOCALES);
}

render(html`<${Page} />`, document.getElementById("page"));
load();
