// The fixed words of the feed, in the reader's.

export const STATES = {
  choosing: ["Choosing a language", ""],
  connecting: ["Connecting", ""],
  summoning: ["Ringing who asked for it", ""],
  ringing: ["Ringing", ""],
  waiting: ["Waiting in line", "warn"],
  message: ["Leaving a message", ""],
  talking: ["Talking", "good"],
  conference: ["With a human interpreter", "good"],
  closing: ["Ending", ""],
  ended: ["Over", ""],
};

export const OUTCOMES = {
  "caller-hung-up": "the caller hung up",
  "agent-hung-up": "the agent hung up",
  "caller-left-early": "the caller left early",
  "agent-left-early": "the agent left early",
  "nobody-answered": "nobody answered",
  "not-reached": "not reached",
  "message-left": "a message was left",
  "longest-time": "the longest time was reached",
  "service-ended": "the service was stopped",
  "ended-by-request": "ended by request",
  "technical-problem": "a technical problem",
};

export const ROLES = { caller: "Caller", agent: "Agent", interpreter: "Interpreter" };
export const OTHER = { caller: "agent", agent: "caller" };

const HAND_OVERS = {
  age: "before the connection's ten minutes were over",
  "go-away": "as the interpreter asked for",
  lost: "after the connection broke",
  stuck: "after it took no more sound",
  stalled: "after its messages stopped",
  unanswered: "after it heard a voice and said nothing",
  tone: "after it gave one constant sound",
  "wrong-language": "after it spoke another language",
};

const TROUBLES = {
  key: "the key is refused",
  model: "the model is refused",
  language: "the language is refused",
  setup: "the setup is refused",
  quota: "the quota is used up",
  unreachable: "it cannot be reached",
  dropped: "the connection drops",
  "timed-out": "it does not answer",
  unfit: "it gives no translation",
};

const TURNED_AWAY = {
  "line-full": "as many calls run as may at once",
  "caller-limit": "the caller had an hour's calls",
  "day-minutes": "the day's minutes are used up",
  "day-spend": "the day's budget is used up",
  held: "new calls are held",
  "not-allowed": "the caller is not allowed",
  draining: "the service is about to stop",
  strained: "this machine is too busy",
  quota: "the interpreter's quota is used up",
  "agent-pin": "an agent's PIN was wrong",
};

/** How many calls were not taken, and why the last was not. */
export function turnedAwayInWords({ calls, since, last, why }) {
  const many = calls === 1 ? "One call was turned away" : `${calls} calls were turned away since ${timeOf(since)}, the last`;
  return `${many} at ${timeOf(last)}: ${TURNED_AWAY[why] ?? why}.`;
}

export const timeOf = (at) =>
  new Date(at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** What is wrong with a direction now. */
export const troubleOf = (why) => TROUBLES[why] ?? "it cannot be had";

/** [words, how bad] of a mark. */
export function markOf({ kind, why, lost_ms: lost, repeated_ms: repeated }) {
  switch (kind) {
    case "hand-over":
      return [`Handed over ${HAND_OVERS[why] ?? ""}: ${cost(lost, repeated)}`, lost ? "warn" : ""];
    case "lost":
      return [`Taken up ${HAND_OVERS[why] ?? ""}: ${cost(lost, repeated)}`, "warn"];
    case "stall":
      return [`Stalled; taken up ${HAND_OVERS[why] ?? ""}: ${cost(lost, repeated)}`, "warn"];
    case "degraded":
      return [`No interpretation: ${troubleOf(why)}; they hear each other directly`, "bad"];
    case "restored":
      return [lost ? `Interpretation is back; ${seconds(lost)} were not interpreted` : "Interpretation is back", "good"];
    default:
      return [kind, ""];
  }
}

function cost(lost, repeated) {
  const parts = [lost ? `${seconds(lost)} lost` : "nothing lost"];
  if (repeated) parts.push(`${seconds(repeated)} heard again`);
  return parts.join(", ");
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export function clock(passed) {
  const whole = Math.max(0, Math.floor(passed));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (figure) => String(figure).padStart(2, "0");
  return hours ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

/** How bad it is to be so far behind. */
export function lagState(behind) {
  if (behind === null) return "";
  return behind <= 4 ? "good" : behind <= 8 ? "warn" : "bad";
}
