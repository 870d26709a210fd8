// One sitting: sound is captured, a session interprets it, its translation is played. The sitting outlives its sessions.

import { Lag } from "./lag.js";
import { LiveRefused, openLive, setupFor } from "./live-client.js";
import { startPlayback } from "./sound.js";
import { Trouble, troubleOfAnswer, troubleOfClose } from "./troubles.js";

const TOKEN_LIFE_S = 660; // A connection lasts about ten minutes (ai.google.dev, live-session).
const TRIES_AFTER_MS = [500, 1000, 2000, 4000];
const DRAIN_MS = 4000; // What an old session still has to say when a new one has taken over.
const MOST_PENDING = 30; // Chunks kept while there is no session: three seconds, the oldest is dropped.
const LAG_EVERY_MS = 250;

export class Interpreting {
  /** `tell` gets what changes: any of {phase, attempt, trouble, words, levels, lag}. */
  constructor(tell) {
    this.tell = tell;
    this.stopped = true;
    this.captured = null; // What `open` gave: the running capture.
    this.playback = null;
    this.live = null;
    this.old = null; // The session before this one, which says its last words.
    this.pending = [];
    this.changes = 0; // Counts sessions asked for, so that one asked for in vain is known.
    this.timer = null;
  }

  /** `open(heard, ended)` begins to capture. Whatever goes wrong is told as a trouble. */
  async start(open, wish) {
    this.stopped = false;
    this.wish = wish;
    this.lag = new Lag();
    this.tell({ phase: "starting", trouble: null, lag: null });
    try {
      await this.open(open);
    } catch (failed) {
      this.fail(failed);
    }
  }

  async open(open) {
    this.playback = await startPlayback((report) => this.played(report));
    const captured = await open((chunk) => this.heard(chunk), (what) => this.fail(new Trouble(what)));
    if (this.stopped) {
      captured.stop();
      return;
    }
    this.captured = captured;
    this.tell({ phase: "connecting" });
    this.timer = setInterval(() => this.tell({ lag: this.lag.seconds(now()) }), LAG_EVERY_MS);
    await this.connect();
  }

  /** Another language, or another echo: a session cannot change them, so there is a new one. */
  async change(wish) {
    this.wish = wish;
    if (this.stopped || !this.captured) return;
    this.leave();
    this.playback.clear();
    this.tell({ phase: "connecting" });
    await this.connect().catch((failed) => this.fail(failed));
  }

  stop() {
    this.stopped = true;
    this.changes += 1;
    clearInterval(this.timer);
    this.leave();
    this.captured?.stop();
    this.playback?.stop();
    this.captured = this.playback = null;
    this.pending = [];
    this.tell({ phase: "idle", levels: { heard: null, spoken: null } });
  }

  fail(failed) {
    if (this.stopped) return;
    this.stop();
    this.tell({ trouble: whatOf(failed) });
  }

  leave() {
    for (const session of [this.old, this.live]) session?.close();
    this.old = this.live = null;
  }

  /** A session for what is wished for now. Nothing comes of it where another was asked for meanwhile. */
  async connect() {
    this.changes += 1;
    const change = this.changes;
    const { token, url, model } = await askForToken(this.wish);
    if (change !== this.changes) return;
    const setup = setupFor(model, this.wish.target, this.wish.echo);
    const events = this.eventsOf(() => live);
    const live = await openLive({ url, token, setup }, events);
    if (change !== this.changes) {
      live.close();
      return;
    }
    this.begin(live);
  }

  begin(live) {
    this.old = this.live;
    this.live = live;
    for (const chunk of this.pending.splice(0)) live.send(chunk);
    this.tell({ phase: "running" });
    if (this.old) this.drain(this.old);
  }

  drain(old) {
    old.pause();
    setTimeout(() => {
      old.close();
      if (this.old === old) this.old = null;
    }, DRAIN_MS);
  }

  eventsOf(session) {
    const tell = (side) => (words) => this.tell({ words: { side, ...words } });
    return {
      sound: (pcm) => this.play(pcm),
      heard: tell("heard"),
      spoken: tell("spoken"),
      goAway: () => session() === this.live && this.replace(),
      closed: ({ reason }) => session() === this.live && this.lost(reason),
    };
  }

  /** The service will end this connection: another one takes over before that, without a pause. */
  replace() {
    this.connect().catch(() => {}); // Where none is to be had now, the end of this one asks again.
  }

  async lost(reason) {
    this.live = null;
    if (/quota/i.test(reason)) {
      this.fail(new Trouble("quota"));
      return;
    }
    for (const [nth, pause] of TRIES_AFTER_MS.entries()) {
      this.tell({ phase: "reconnecting", attempt: `${nth + 1} of ${TRIES_AFTER_MS.length}` });
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (this.stopped || this.live) return;
      try {
        await this.connect();
        return;
      } catch (failed) {
        if (isFinal(failed)) {
          this.fail(failed);
          return;
        }
      }
    }
    this.fail(new Trouble("dropped"));
  }

  heard({ pcm, level }) {
    this.lag.heard(level, now());
    this.tell({ levels: { heard: level } });
    if (this.live) {
      this.live.send(pcm);
      return;
    }
    this.pending.push(pcm);
    if (this.pending.length > MOST_PENDING) this.pending.shift();
  }

  /** While two sessions speak, the silence of the one is not put between the words of the other. */
  play(pcm) {
    if (this.old && pcm.every((sample) => sample === 0)) return;
    this.playback?.play(pcm);
  }

  played({ level }) {
    this.lag.spoken(level, now());
    this.tell({ levels: { spoken: level } });
  }
}

const now = () => performance.now() / 1000;

async function askForToken({ target, echo }) {
  const wish = {
    mode: "locked",
    target_language: target,
    echo_target_language: echo,
    uses: 1,
    expires_in_s: TOKEN_LIFE_S,
    new_session_in_s: 60,
  };
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/api/live-tokens", { method: "POST", headers, body: JSON.stringify(wish) }).catch(() => {
    throw new Trouble("offline");
  });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Trouble(troubleOfAnswer(answer.status, problem.reason));
}

function whatOf(failed) {
  if (failed instanceof Trouble) return failed.what;
  if (failed instanceof LiveRefused) return troubleOfClose(failed.code, failed.reason);
  return "odd";
}

/** Whether asking again by itself would not help. */
function isFinal(failed) {
  return failed instanceof Trouble && !["offline", "not-now"].includes(failed.what);
}
