// Interprets what the microphone hears, in your own web app. Copy live-client.js, sound.js, sound-worklets.js and
// troubles.js from telephony/console/static beside this file; `askYourServer` gets a token from your own server.
import { openLive, setupFor } from "./live-client.js";
import { capture, openMicrophone, startPlayback } from "./sound.js";

export async function interpret(askYourServer, show, targetLanguage = "en", echo = false) {
  const microphone = await openMicrophone(false);
  const playback = await startPlayback(() => {});
  const { token, url, model } = await askYourServer();
  const live = await openLive(
    { token, url, setup: setupFor(model, targetLanguage, echo) },
    {
      sound: (pcm) => playback.play(pcm),
      heard: ({ text, language }) => show("heard", text, language),
      spoken: ({ text, language }) => show("spoken", text, language),
      closed: () => stop(),
    },
  );
  const captured = await capture(microphone, ({ pcm }) => live.send(pcm), () => stop());
  function stop() {
    for (const one of [captured, playback]) one.stop();
    live.close();
  }
  return stop;
}
