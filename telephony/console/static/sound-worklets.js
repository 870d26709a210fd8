// The two ends of the sound on the browser's audio thread: what is captured leaves as 100 ms chunks of 16 kHz, what is
// translated comes in 24 kHz and is played without gaps. Contexts may run at any rate; a resampler makes up for it.
// One file without imports: not every browser lets a worklet import.

const CHUNK = 1600; // 100 ms at 16 kHz.
const HEARD_HZ = 16000;
const SPOKEN_HZ = 24000;
const REPORT_S = 0.1;
const CUSHION_S = 0.12; // What arrives after a pause waits so long, so that the next message may be late.
const MOST_S = 30; // Beyond that the oldest sound is dropped.
const PLENTY_S = 0.4; // With so much to play, silence is left out.
const PHASES = 256; // Of the resampler's kernel between two samples.

/** From one rate to another by a windowed sinc, about 100 dB down; what it holds back is half its width. */
class Resampler {
  constructor(from, to) {
    this.step = from / to;
    const cutoff = Math.min(1, to / from) * 0.92;
    this.half = Math.ceil(32 / cutoff);
    this.width = 2 * this.half;
    this.rows = new Float32Array((PHASES + 1) * this.width); // The kernel at each phase, tap by tap.
    for (let phase = 0; phase <= PHASES; phase += 1) {
      for (let tap = 0; tap < this.width; tap += 1) {
        const x = tap - this.half + 1 - phase / PHASES;
        this.rows[phase * this.width + tap] = cutoff * sinc(cutoff * x) * kaiser(Math.abs(x) / this.half);
      }
    }
    this.kept = new Float32Array(2 * this.half + 2048);
    this.filled = this.half;
    this.at = this.half;
  }

  /** Gives every new sample to `emit`. */
  push(block, emit) {
    for (let start = 0; start < block.length; start += 1024) {
      const part = block.subarray(start, start + 1024);
      this.kept.set(part, this.filled);
      this.filled += part.length;
      while (this.at + this.half < this.filled) {
        emit(this.sample(this.at));
        this.at += this.step;
      }
      const past = Math.max(0, Math.floor(this.at) - this.half);
      this.kept.copyWithin(0, past, this.filled);
      this.filled -= past;
      this.at -= past;
    }
  }

  /** At a place between two samples: between the two nearest phases of the kernel as well. */
  sample(at) {
    const whole = Math.floor(at);
    const place = (at - whole) * PHASES;
    const phase = Math.floor(place);
    const share = place - phase;
    const first = whole - this.half + 1;
    const row = phase * this.width;
    let low = 0;
    let high = 0;
    for (let tap = 0; tap < this.width; tap += 1) {
      const sample = this.kept[first + tap];
      low += sample * this.rows[row + tap];
      high += sample * this.rows[row + this.width + tap];
    }
    return low + share * (high - low);
  }
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x) {
  return x >= 1 ? 0 : bessel(10 * Math.sqrt(1 - x * x)) / bessel(10);
}

/** The modified Bessel function of the first kind and order 0, as a series. */
function bessel(x) {
  let term = 1;
  let sum = 1;
  for (let nth = 1; nth < 40; nth += 1) {
    term *= (x / 2 / nth) ** 2;
    sum += term;
  }
  return sum;
}

const dbfs = (energy, samples) => 10 * Math.log10(energy / Math.max(1, samples) + 1e-9);

/** Posts {pcm: Int16Array, level: dBFS} for every 100 ms heard; its output is silent. */
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === HEARD_HZ ? null : new Resampler(sampleRate, HEARD_HZ);
    this.chunk = new Int16Array(CHUNK);
    this.filled = 0;
    this.energy = 0;
    this.over = false;
    this.silence = new Float32Array(128);
    this.add = this.add.bind(this);
    this.port.onmessage = () => {
      this.over = true;
    };
  }

  process([input]) {
    const heard = input[0] ?? this.silence;
    if (this.resampler) this.resampler.push(heard, this.add);
    else for (const sample of heard) this.add(sample);
    return !this.over;
  }

  add(sample) {
    this.energy += sample * sample;
    this.chunk[this.filled] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
    this.filled += 1;
    if (this.filled < CHUNK) return;
    this.port.postMessage({ pcm: this.chunk, level: dbfs(this.energy, CHUNK) }, [this.chunk.buffer]);
    this.chunk = new Int16Array(CHUNK);
    this.filled = 0;
    this.energy = 0;
  }
}

/** Takes {pcm: Int16Array} to play, {clear} to drop what waits, {stop}; posts {waiting: seconds, level: dBFS}. */
class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === SPOKEN_HZ ? null : new Resampler(SPOKEN_HZ, sampleRate);
    this.ring = new Float32Array(Math.ceil(MOST_S * sampleRate));
    this.first = 0;
    this.count = 0;
    this.cushion = 0;
    this.energy = 0;
    this.played = 0;
    this.over = false;
    this.add = this.add.bind(this);
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take({ pcm, clear, stop }) {
    if (clear) this.count = 0;
    if (stop) this.over = true;
    if (!pcm) return;
    if (this.count > PLENTY_S * sampleRate && pcm.every((sample) => sample === 0)) return;
    if (this.count === 0) this.cushion = Math.round(CUSHION_S * sampleRate);
    const block = Float32Array.from(pcm, (sample) => sample / 32768);
    if (this.resampler) this.resampler.push(block, this.add);
    else block.forEach(this.add);
  }

  add(sample) {
    this.ring[(this.first + this.count) % this.ring.length] = sample;
    if (this.count < this.ring.length) this.count += 1;
    else this.first = (this.first + 1) % this.ring.length;
  }

  process(_inputs, [[output]]) {
    for (let nth = 0; nth < output.length; nth += 1) output[nth] = this.next();
    this.played += output.length;
    if (this.played >= REPORT_S * sampleRate) this.report();
    return !this.over;
  }

  next() {
    if (this.cushion > 0) {
      this.cushion -= 1;
      return 0;
    }
    if (this.count === 0) return 0;
    const sample = this.ring[this.first];
    this.first = (this.first + 1) % this.ring.length;
    this.count -= 1;
    this.energy += sample * sample;
    return sample;
  }

  report() {
    this.port.postMessage({ waiting: this.count / sampleRate, level: dbfs(this.energy, this.played) });
    this.played = 0;
    this.energy = 0;
  }
}

registerProcessor("capture", Capture);
registerProcessor("playback", Playback);
