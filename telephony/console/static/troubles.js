// What can go wrong on /try, in words, with what to do about it.

export const TROUBLES = {
  insecure: ["This page can hear nothing here.", "Browsers give sound only to pages over https: open it by https."],
  "no-audio": ["This browser has no Web Audio.", "Open the page in a newer browser: Chrome, Edge, Firefox or Safari."],
  "microphone-blocked": [
    "The microphone is blocked.",
    "Allow it for this page (the sign beside the address), then press Talk again.",
  ],
  "microphone-missing": ["There is no microphone.", "Plug one in or switch it on, then press Talk again."],
  "microphone-busy": [
    "The microphone gives no sound.",
    "Another program may be using it: close that one, then press Talk again.",
  ],
  "microphone-gone": ["The microphone is gone.", "Plug it in again, then press Talk."],
  "tab-unsupported": [
    "This browser cannot share the sound of a tab.",
    "Use Chrome or Edge on a computer, or the microphone.",
  ],
  "tab-not-shared": ["No tab was shared.", "Press the button again and choose a tab."],
  "tab-silent": [
    "The tab was shared without its sound.",
    "Press the button again and switch on “Also share tab audio”.",
  ],
  "tab-gone": ["The tab is no longer shared.", "Press the button again to share one."],
  "recording-unreadable": ["This file is no recording that the browser can read.", "Choose a WAV, MP3 or Ogg file."],
  offline: ["This server does not answer.", "Look whether you are online, then press Talk again."],
  "signed-out": ["You are not signed in any more.", "Sign in again.", "/login"],
  "not-allowed": ["You may not use the interpreter.", "Ask whoever runs this server for it."],
  "too-many": ["Too many sessions were asked for.", "Wait a minute, then press Talk again."],
  "day-over": [
    "The day's limit of this server has no room for a session.",
    "Try tomorrow, or ask whoever runs it to raise the limit.",
  ],
  "not-now": ["The interpreter gives no session now.", "Wait a minute, then press Talk again."],
  misconfigured: [
    "The interpreter does not take this server's key or settings.",
    "Whoever runs it finds out more by: telephony doctor",
  ],
  "token-refused": ["The interpreter refused the token.", "Press Talk again: that asks for a new one."],
  quota: ["The interpreter has no quota left for this server.", "Wait a few minutes, then press Talk again."],
  unreachable: [
    "The interpreter cannot be reached from this browser.",
    "A firewall may be in the way; try another network, then press Talk again.",
  ],
  dropped: ["The connection to the interpreter was lost.", "Look whether you are online, then press Talk again."],
  odd: ["Something went wrong on this page.", "Reload it and try again."],
};

/** `what` names one of TROUBLES. */
export class Trouble extends Error {
  constructor(what) {
    super(what);
    this.name = "Trouble";
    this.what = what;
  }
}

const BY_STATUS = { 401: "signed-out", 403: "not-allowed", 429: "too-many", 502: "misconfigured", 503: "not-now" };

/** For an answer of POST /api/live-tokens that is no token: its status and the `reason` of its problem document. */
export function troubleOfAnswer(status, reason) {
  if (status === 429 && reason?.startsWith("day-")) return "day-over";
  return BY_STATUS[status] ?? "odd";
}

/** For a session that was refused. 1006: no close frame, hence never a connection to the service itself. */
export function troubleOfClose(code, reason) {
  if (/quota/i.test(reason)) return "quota";
  if (code === 1006) return "unreachable";
  return code === 1008 || /token/i.test(reason) ? "token-refused" : "not-now";
}
