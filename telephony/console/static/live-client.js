// A client of the Gemini Live API for live translation: sound in, sound and two transcripts out. No other file is needed.
//
// Sources: ai.google.dev/api/live (messages, the address with `access_token`) and ai.google.dev/gemini-api/docs/
// live-translate (16-bit little-endian mono, 16 kHz in chunks of 100 ms, 24 kHz out). The service sends its JSON in
// binary frames. A typed array has the byte order of the machine, which is little-endian wherever browsers run.

export const HEARD_HZ = 16000;
export const SPOKEN_HZ = 24000;
const SETUP_WITHIN_MS = 10000;
const MOST_UNSENT_BYTES = 256 * 1024; // About six seconds of sound; beyond that the newest is dropped.

/** The service closed the connection before it took the setup. `code` and `reason` are those of the close frame. */
export class LiveRefused extends Error {
  constructor(code, reason) {
    super(`The Live API closed with ${code}.`);
    this.name = "LiveRefused";
    this.code = code;
    this.reason = reason;
  }
}

/** The first message of a session. */
export function setupFor(model, targetLanguage, echo) {
  return {
    model,
    generationConfig: {
      responseModalities: ["AUDIO"],
      translationConfig: { targetLanguageCode: targetLanguage, echoTargetLanguage: echo },
    },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  };
}

/**
 * Opens a session. Rejects with LiveRefused.
 *
 * `events`, each optional: sound(Int16Array of 24 kHz), heard({text, language}), spoken({text, language}) with a few
 * more words each time, goAway(seconds or null), closed({code, reason}) if the other side ends it.
 */
export function openLive({ url, token, setup }, events = {}) {
  const socket = new WebSocket(`${url}?access_token=${encodeURIComponent(token)}`);
  socket.binaryType = "arraybuffer";
  return new Promise((resolve, reject) => {
    const session = new LiveSession(socket, events);
    const timer = setTimeout(() => socket.close(), SETUP_WITHIN_MS);
    socket.onopen = () => socket.send(JSON.stringify({ setup }));
    socket.onclose = ({ code, reason }) => {
      clearTimeout(timer);
      reject(new LiveRefused(code, reason));
    };
    socket.onmessage = ({ data }) => {
      if (!("setupComplete" in read(data))) return;
      clearTimeout(timer);
      session.begin();
      resolve(session);
    };
  });
}

class LiveSession {
  constructor(socket, events) {
    this.socket = socket;
    this.events = events;
    this.dropped = 0; // Chunks that were not sent, since the network took no more.
  }

  begin() {
    this.socket.onmessage = ({ data }) => this.take(read(data));
    this.socket.onclose = ({ code, reason }) => this.events.closed?.({ code, reason });
  }

  /** The next sound: an Int16Array of 16 kHz, 100 ms of it at best. */
  send(pcm) {
    if (this.socket.bufferedAmount > MOST_UNSENT_BYTES) {
      this.dropped += 1;
      return;
    }
    this.say({ realtimeInput: { audio: { data: toBase64(pcm), mimeType: `audio/pcm;rate=${HEARD_HZ}` } } });
  }

  /** No more sound for now; what was said is translated to its end. */
  pause() {
    this.say({ realtimeInput: { audioStreamEnd: true } });
  }

  /** Ends it without an event. */
  close() {
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(1000);
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  take({ serverContent, goAway }) {
    for (const { inlineData } of serverContent?.modelTurn?.parts ?? []) {
      if (inlineData?.data) this.events.sound?.(fromBase64(inlineData.data));
    }
    this.words(this.events.heard, serverContent?.inputTranscription);
    this.words(this.events.spoken, serverContent?.outputTranscription);
    if (goAway) this.events.goAway?.(Number.parseFloat(goAway.timeLeft) || null);
  }

  words(tell, transcription) {
    if (transcription?.text) tell?.({ text: transcription.text, language: transcription.languageCode ?? "" });
  }
}

/** A message, or an empty one where the frame is not JSON. */
function read(data) {
  try {
    return JSON.parse(typeof data === "string" ? data : new TextDecoder().decode(data)) ?? {};
  } catch {
    return {};
  }
}

function toBase64(pcm) {
  return btoa(String.fromCharCode(...new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)));
}

function fromBase64(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}
