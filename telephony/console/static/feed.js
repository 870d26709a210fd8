// The live calls as the server tells of them: a snapshot first, then what changes; and whether it tells anything now.

import { ask } from "./asking.js";
import { batch, signal } from "./vendor.js";

const VERSION = 1;
const MOST_BUBBLES = 40;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const SIGNED_OUT = 4401;

/** Each is {id, facts, said}, the latter two signals, so that one call's news draw one card. */
export const calls = signal([]);
export const unshown = signal(0);

/** {calls, since, last, why} of calls that were not taken, or null. */
export const turnedAway = signal(null);

/** {state: "connecting" | "connected" | "lost", until: when the next try is, in ms} */
export const connection = signal({ state: "connecting", until: 0 });

const byId = new Map();
let wait = FIRST_WAIT_MS;

export function connect() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/feed`);
  socket.onopen = () => {
    wait = FIRST_WAIT_MS;
  };
  socket.onmessage = ({ data }) => apply(JSON.parse(data));
  socket.onclose = ({ code }) => lost(code);
}

/** A page of an older version than the server's loads itself anew. */
export function apply(message) {
  if (message.v !== VERSION) {
    location.reload();
    return;
  }
  batch(() => {
    connection.value = { state: "connected", until: 0 };
    unshown.value = message.unshown;
    turnedAway.value = message.turned_away;
    let others = message.kind === "snapshot";
    if (others) byId.clear();
    for (const id of message.gone) others = byId.delete(id) || others;
    for (const told of message.calls) others = take(told) || others;
    if (others) calls.value = [...byId.values()].sort((one, other) => one.facts.peek().since - other.facts.peek().since);
  });
}

/** Whether the call is a new one. */
function take({ id, facts, said }) {
  const known = byId.get(id);
  if (known) {
    if (facts) known.facts.value = facts;
    if (said) known.said.value = joined(known.said.peek(), said);
  } else if (facts) {
    byId.set(id, { id, facts: signal(facts), said: signal(said ?? []) });
  }
  return !known && Boolean(facts);
}

/** A bubble that is known has grown; others come behind it. */
function joined(said, news) {
  const all = new Map(said.map((bubble) => [bubble.n, bubble]));
  for (const bubble of news) all.set(bubble.n, bubble);
  return [...all.values()].sort((one, other) => one.n - other.n).slice(-MOST_BUBBLES);
}

async function lost(code) {
  const out = code === SIGNED_OUT || (await ask("/me")).status === 401;
  if (out) {
    location.replace("/login");
    return;
  }
  connection.value = { state: "lost", until: Date.now() + wait };
  setTimeout(connect, wait);
  wait = Math.min(2 * wait, LONGEST_WAIT_MS);
}
