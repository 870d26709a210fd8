// What Google's SDK does with a Live API: `referee.mjs URL KEY < wish`, with the wish and the answer as JSON.
// A wish with `mint` (a config of authTokens.create) gets a token by the key first; without one the key is the token.
import { readFileSync } from "node:fs";
import { GoogleGenAI } from "@google/genai";

const [baseUrl, key] = process.argv.slice(2);
const { model, config, sound, mint, messages } = JSON.parse(readFileSync(0, "utf8"));
const httpOptions = { apiVersion: "v1alpha", baseUrl };
const token = mint ? (await new GoogleGenAI({ apiKey: key, httpOptions }).authTokens.create({ config: mint })).name : key;

const got = { heard: "", spoken: "", samples: 0, setupComplete: false, closed: null };
let enough;
const done = new Promise((resolve) => (enough = resolve));
const take = ({ serverContent, setupComplete }) => {
  got.setupComplete ||= Boolean(setupComplete);
  got.heard += serverContent?.inputTranscription?.text ?? "";
  got.spoken += serverContent?.outputTranscription?.text ?? "";
  for (const { inlineData } of serverContent?.modelTurn?.parts ?? []) {
    const sound = Buffer.from(inlineData.data, "base64");
    if (sound.some((byte) => byte !== 0)) got.samples += sound.length / 2;
  }
  if (got.setupComplete && (messages === 0 || got.spoken.length >= messages)) setTimeout(enough, 300);
};
const callbacks = {
  onmessage: take,
  onerror: () => {},
  onclose: ({ code, reason }) => {
    got.closed = [code, reason];
    enough();
  },
};
const ai = new GoogleGenAI({ apiKey: token, httpOptions });
const session = await ai.live.connect({ model, config, callbacks });
for (const data of sound) session.sendRealtimeInput({ audio: { data, mimeType: "audio/pcm;rate=16000" } });
session.sendRealtimeInput({ audioStreamEnd: true });
await done;
session.close();
process.stdout.write(JSON.stringify(got));
process.exit(0);
