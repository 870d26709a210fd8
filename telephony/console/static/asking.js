// Asking our own server: an answer is {ok, status, told}; `why` puts one that is not ok into words.

export async function ask(path, sent) {
  const asked =
    sent === undefined
      ? { cache: "no-store" }
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) };
  try {
    const answer = await fetch(path, asked);
    const told = answer.status === 204 ? null : await answer.json().catch(() => null);
    return { ok: answer.ok, status: answer.status, told, wait: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { ok: false, status: 0, told: null, wait: 0 };
  }
}

export function why({ status, told, wait }) {
  if (status === 0) return "This server does not answer. Look whether you are online, then try again.";
  if (status === 429) return `Too many tries. Wait ${inWords(wait)}, then try again.`;
  if (told?.detail) return `${told.detail[0].toUpperCase()}${told.detail.slice(1)}.`;
  return "Something went wrong on this server. Try again in a moment.";
}

function inWords(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
