// How far the translation is behind: from where somebody began to speak to where its translation began to be heard.

const VOICE_DBFS = -45;
const PAUSE_S = 0.6; // So much quiet lies between two things said.
const FORGET_S = 20; // What got no translation by then gets none.

export class Lag {
  constructor() {
    this.waiting = []; // When each thing began to be said that is not heard in translation yet.
    this.last = null;
    this.quiet = { heard: Infinity, spoken: Infinity };
    this.at = { heard: 0, spoken: 0 };
  }

  /** `level` in dBFS of the sound of the last moments before `now`, in seconds. */
  heard(level, now) {
    if (this.begins("heard", level, now)) this.waiting.push(now);
  }

  spoken(level, now) {
    if (!this.begins("spoken", level, now) || this.waiting.length === 0) return;
    this.last = now - this.waiting.shift();
  }

  /** Seconds, or null before anything was translated: the last one, or more if something has waited for longer. */
  seconds(now) {
    this.waiting = this.waiting.filter((since) => now - since < FORGET_S);
    const waits = this.waiting.length > 0 ? now - this.waiting[0] : 0;
    return this.last === null ? null : Math.max(this.last, waits);
  }

  begins(side, level, now) {
    const passed = now - this.at[side];
    this.at[side] = now;
    const paused = this.quiet[side] >= PAUSE_S;
    const voice = level > VOICE_DBFS;
    this.quiet[side] = voice ? 0 : this.quiet[side] + passed;
    return voice && paused;
  }
}
