// The page of the live calls.

import { ask, why } from "./asking.js";
import { Card, now } from "./card.js";
import { calls, connect, connection, turnedAway, unshown } from "./feed.js";
import { html, render, signal, useEffect, useState } from "./vendor.js";
import { turnedAwayInWords } from "./wording.js";

const me = signal(null);

async function signOut() {
  const answer = await ask("/logout", {});
  if (answer.ok || answer.status === 401) location.replace("/login");
}

function Bar() {
  return html`
    <header class="bar">
      <a class="brand" href="/">telephony</a>
      <nav aria-label="Pages">
        <a href="/" aria-current="page">Live calls</a>
        ${me.value?.sees_words && html`<a href="/try">Try it</a>`}
      </nav>
      <span class="muted small">${me.value && `${me.value.name}, ${me.value.role}`}</span>
      <button class="button" type="button" onClick=${signOut}>Sign out</button>
    </header>
  `;
}

/** In words whether what is shown is what there is. */
function Connection() {
  const { state, until } = connection.value;
  const left = Math.max(0, Math.ceil(until / 1000 - now.value));
  return html`
    <div role="status">
      ${state === "connecting" && html`<p class="muted">Connecting …</p>`}
      ${
        state === "lost" &&
        html`<p class="notice" data-state="warn">
          The connection is lost; what you see is how it was. ${left ? `Trying again in ${left} s.` : "Trying again …"}
        </p>`
      }
    </div>
  `;
}

/** In a demo: plays one of its calls. */
function Demo() {
  const [offer, setOffer] = useState({ calls: [], running: null });
  const [chosen, setChosen] = useState("");
  const [trouble, setTrouble] = useState("");
  const look = async () => {
    const answer = await ask("/demo");
    if (answer.ok) setOffer(answer.told);
  };
  useEffect(() => {
    look();
    const timer = setInterval(look, 2000);
    return () => clearInterval(timer);
  }, []);
  const play = async () => {
    const answer = await ask("/demo", { call: chosen || offer.calls[0].name });
    setTrouble(answer.ok ? "" : why(answer));
    await look();
  };
  return html`
    <section class="card" aria-label="Demo">
      <div class="row">
        <div class="field demo-calls">
          <label for="demo-call">A call of the demo</label>
          <select id="demo-call" value=${chosen} onChange=${(event) => setChosen(event.currentTarget.value)}>
            ${offer.calls.map(({ name, title }) => html`<option key=${name} value=${name}>${title}</option>`)}
          </select>
        </div>
        <button class="button primary" type="button" disabled=${offer.running !== null || !offer.calls.length} onClick=${play}>
          ${offer.running === null ? "Play it" : "A call is being played"}
        </button>
      </div>
      <div role="alert">${trouble && html`<p class="notice" data-state="bad">${trouble}</p>`}</div>
    </section>
  `;
}

function Calls() {
  const all = calls.value;
  return html`
    <main class="page">
      <div class="row apart">
        <h1>Live calls</h1>
        <span class="muted" role="status" aria-live="off">${counted(all.length + unshown.value)}</span>
      </div>
      <${Connection} />
      ${me.value?.demo && html`<${Demo} />`}
      ${turnedAway.value && html`<p class="muted small">${turnedAwayInWords(turnedAway.value)}</p>`}
      ${all.length === 0 && connection.value.state === "connected" && html`<p class="muted">Nobody is calling.</p>`}
      <div class="grid">
        ${all.map((call) => html`<${Card} key=${call.id} call=${call} seesWords=${me.value?.sees_words} />`)}
      </div>
      ${unshown.value > 0 && html`<p class="notice" data-state="warn">${unshown.value} more run that are not shown.</p>`}
    </main>
  `;
}

const counted = (many) => (many === 1 ? "1 call" : `${many} calls`);

async function begin() {
  const answer = await ask("/me");
  if (answer.status === 401) {
    location.replace("/login");
    return;
  }
  if (answer.ok) me.value = answer.told;
  else setTimeout(begin, 2000);
}

render(html`<${Bar} /><${Calls} />`, document.getElementById("page"));
begin();
connect();
