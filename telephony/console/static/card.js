// One live call as a card.

import { nameOf } from "./languages.js";
import { html, signal, useState } from "./vendor.js";
import { clock, lagState, markOf, OTHER, OUTCOMES, ROLES, STATES, timeOf, troubleOf } from "./wording.js";

const QUIETEST_DBFS = -60;

/** Seconds since 1970, once a second. */
export const now = signal(Date.now() / 1000);
setInterval(() => {
  now.value = Date.now() / 1000;
}, 1000);

const language = (code) => (code === "auto" || !code ? "Not known yet" : nameOf(code, navigator.languages) || code);

export function Card({ call, seesWords }) {
  const facts = call.facts.value;
  const [state, how] = STATES[facts.state] ?? [facts.state, ""];
  return html`
    <article class="card call" aria-labelledby=${`title-${call.id}`} data-call=${call.id}>
      <header class="row apart">
        <h2 id=${`title-${call.id}`}>${titleOf(facts)}</h2>
        <span class="chip" data-state=${how || undefined}>${state}</span>
      </header>
      <${Line} facts=${facts} />
      ${facts.directions.map((one) => html`<${Direction} key=${one.speaker} ...${one} parties=${facts.parties} />`)}
      <${Marks} marks=${facts.marks} />
      ${seesWords && html`<${Words} call=${call} />`}
    </article>
  `;
}

function titleOf({ parties, directions }) {
  const names = ["caller", "agent"].flatMap((role) => {
    const party = parties.find((one) => one.role === role);
    const heard = directions.find((one) => one.speaker === role)?.heard;
    return party ? [language(party.language === "auto" && heard ? heard : party.language)] : [];
  });
  return names.length ? names.join(" ↔ ") : "A new call";
}

/** Its age, what became of it, our cost. The age stands still once it is over. */
function Line({ facts }) {
  const over = facts.state === "ended";
  return html`
    <p class="row muted small">
      ${!over && html`<span class="figures" aria-label="Since it began">${clock(now.value - facts.since)}</span>`}
      ${facts.outcome && html`<span>${OUTCOMES[facts.outcome] ?? facts.outcome}</span>`}
      ${facts.cost !== null && html`<span>Our cost so far: <span class="figures">$${facts.cost.toFixed(4)}</span></span>`}
    </p>
  `;
}

function Direction({ speaker, failing, direct, heard, parties, behind_s: behind, voice_dbfs: voice, translation_dbfs: translation }) {
  const said = parties.find(({ role }) => role === speaker)?.language;
  const other = heard && said && heard.split("-")[0] !== said.split("-")[0];
  return html`
    <div class="direction" role="group" aria-label=${`${ROLES[speaker]} to ${OTHER[speaker]}`}>
      <div class="row apart">
        <h3>${ROLES[speaker]} → ${OTHER[speaker]}</h3>
        <${Light} failing=${failing} direct=${direct} behind=${behind} />
      </div>
      ${other && html`<p class="muted small">Speaks ${language(heard)}</p>`}
      <div class="levels small">
        <${Level} label="Voice" who=${ROLES[speaker]} dbfs=${voice} />
        <${Level} label="Translation" who=${ROLES[speaker]} dbfs=${translation} />
      </div>
    </div>
  `;
}

function Light({ failing, direct, behind }) {
  if (failing) return html`<span class="light" data-state="bad">No interpretation: ${troubleOf(failing)}</span>`;
  if (direct) return html`<span class="light" data-state="good">Direct line</span>`;
  if (behind === null) return html`<span class="light muted">Nothing yet</span>`;
  return html`<span class="light" data-state=${lagState(behind)}><span class="figures">${behind.toFixed(1)} s</span> behind</span>`;
}

function Level({ label, who, dbfs }) {
  const level = Math.max(QUIETEST_DBFS, Math.min(0, dbfs));
  const words = dbfs <= QUIETEST_DBFS ? "silent" : `${Math.round(dbfs)} dB`;
  return html`
    <span>${label}</span>
    <meter class="meter" min=${QUIETEST_DBFS} max="0" value=${level} aria-label=${`${who}, ${label.toLowerCase()}`}>${words}</meter>
    <span class="figures muted">${words}</span>
  `;
}

function Marks({ marks }) {
  if (!marks.length) return null;
  return html`
    <ul class="marks small" aria-label="What befell the interpretation">
      ${marks.map((mark) => {
        const [words, how] = markOf(mark);
        return html`<li key=${mark.n} class="light" data-state=${how || undefined}>
          <span><time class="figures">${timeOf(mark.at)}</time> ${ROLES[mark.speaker]}: ${words}</span>
        </li>`;
      })}
    </ul>
  `;
}

/** Text is set as text, in its own language and direction. The newest is in sight, unless the reader scrolls away. */
function Words({ call }) {
  const [aloud, setAloud] = useState(false);
  const said = call.said.value;
  return html`
    <div
      class="words bubbles"
      role="log"
      tabindex="0"
      aria-label="What is said"
      aria-live=${aloud ? "polite" : "off"}
    >
      <div class="stack">
        ${said.map((one) => html`<${Bubble} key=${one.n} ...${one} />`)}
        ${said.length === 0 && html`<p class="muted small">Nobody has spoken yet.</p>`}
      </div>
    </div>
    <label class="switch small">
      <input type="checkbox" role="switch" checked=${aloud} onChange=${(event) => setAloud(event.currentTarget.checked)} />
      Have a screen reader read this call
    </label>
  `;
}

function Bubble({ speaker, spoken, language: code, text }) {
  const who = `${ROLES[speaker]}${spoken ? ", in translation" : ""}: `;
  return html`
    <p class=${`said of-${speaker} ${spoken ? "translated" : ""}`} lang=${code || undefined} dir="auto">
      <span class="visually-hidden" lang="en" dir="ltr">${who}</span>${text}
    </p>
  `;
}
