// Where sound comes from (a microphone, a tab, a recording) and where it goes, on the page's side of the worklets.

import { HEARD_HZ, SPOKEN_HZ } from "./live-client.js";
import { Trouble } from "./troubles.js";

const WORKLETS = new URL("./sound-worklets.js", import.meta.url);

const MICROPHONE_TROUBLES = {
  NotAllowedError: "microphone-blocked",
  SecurityError: "microphone-blocked",
  NotFoundError: "microphone-missing",
  OverconstrainedError: "microphone-missing",
  NotReadableError: "microphone-busy",
  AbortError: "microphone-busy",
};

/** A microphone's stream. With headphones nothing has to be taken out of the sound, so it is left as it is. */
export async function openMicrophone(headphones) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Trouble(window.isSecureContext ? "no-audio" : "insecure");
  const clean = !headphones;
  const audio = { channelCount: 1, echoCancellation: clean, noiseSuppression: clean, autoGainControl: clean };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (refused) {
    throw new Trouble(MICROPHONE_TROUBLES[refused.name] ?? "microphone-busy");
  }
}

/** The sound of a tab that the user picks. Browsers only share it together with the tab's picture. */
export async function openTab() {
  if (!navigator.mediaDevices?.getDisplayMedia) throw new Trouble("tab-unsupported");
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices
    .getDisplayMedia({ video: true, audio, selfBrowserSurface: "exclude", systemAudio: "include" })
    .catch((refused) => {
      throw new Trouble(refused.name === "NotAllowedError" ? "tab-not-shared" : "tab-unsupported");
    });
  if (stream.getAudioTracks().length > 0) return stream;
  stop(stream);
  throw new Trouble("tab-silent");
}

/** Sends every 100 ms of a stream to `heard({pcm, level})`; `ended()` if the stream ends by itself. */
export async function capture(stream, heard, ended) {
  const { context, source } = await sourceOf((context) => context.createMediaStreamSource(stream)).catch((failed) => {
    stop(stream);
    throw failed;
  });
  const [track] = stream.getAudioTracks();
  track.onended = ended;
  return listening(context, source, heard, () => {
    track.onended = null;
    stop(stream);
  });
}

/** The same for a recording in a file, which is heard from its beginning; silence follows it. */
export async function captureRecording(file, heard) {
  const { context, source } = await sourceOf(async (context) => {
    const buffer = await context.decodeAudioData(await file.arrayBuffer()).catch(() => {
      throw new Trouble("recording-unreadable");
    });
    return new AudioBufferSourceNode(context, { buffer });
  });
  source.start();
  return listening(context, source, heard, () => source.stop());
}

/** Plays what it is given. `report({waiting, level})` comes ten times a second. */
export async function startPlayback(report) {
  const context = await contextAt(SPOKEN_HZ);
  const node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
  node.port.onmessage = ({ data }) => report(data);
  node.connect(context.destination);
  return {
    play: (pcm) => node.port.postMessage({ pcm }, [pcm.buffer]),
    clear: () => node.port.postMessage({ clear: true }),
    stop: () => leave(context, node),
  };
}

function listening(context, source, heard, release) {
  const node = new AudioWorkletNode(context, "capture", {
    channelCount: 1,
    channelCountMode: "explicit",
    outputChannelCount: [1],
  });
  node.port.onmessage = ({ data }) => heard(data);
  source.connect(node).connect(context.destination);
  return {
    stop: () => {
      release();
      leave(context, node);
    },
  };
}

function leave(context, node) {
  node.port.onmessage = null;
  node.port.postMessage({ stop: true });
  return context.close();
}

/** A source at 16 kHz; where the browser refuses that (Firefox, for a device of another rate), at its own rate. */
async function sourceOf(make) {
  let context = await contextAt(HEARD_HZ);
  try {
    return { context, source: await make(context) };
  } catch (refused) {
    await context.close();
    if (refused.name !== "NotSupportedError") throw refused;
  }
  context = await contextAt(undefined);
  return { context, source: await make(context) };
}

async function contextAt(sampleRate) {
  if (typeof AudioContext === "undefined" || typeof AudioWorkletNode === "undefined") {
    throw new Trouble(window.isSecureContext ? "no-audio" : "insecure");
  }
  const context = makeContext(sampleRate);
  try {
    await context.audioWorklet.addModule(WORKLETS);
  } catch {
    await context.close();
    throw new Trouble("no-audio");
  }
  await context.resume();
  return context;
}

function makeContext(sampleRate) {
  try {
    return new AudioContext({ sampleRate, latencyHint: "interactive" });
  } catch (refused) {
    if (refused.name === "NotSupportedError") return new AudioContext({ latencyHint: "interactive" });
    throw new Trouble("no-audio");
  }
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
