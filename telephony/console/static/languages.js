// The languages to choose from, each in its own name and in the reader's, and finding one by any of them.

/** From the answer of GET /api/languages; sorted by the reader's names. */
export function named(languages, locales) {
  const all = languages.map((language) => ({ ...language, yours: nameOf(language.code, locales) || language.name }));
  const collator = new Intl.Collator(locales);
  for (const language of all) {
    language.words = fold([language.autonym, language.yours, language.name, language.code].join(" "));
  }
  return all.sort((one, other) => collator.compare(one.yours, other.yours));
}

/** The name of a language in the reader's, or nothing for one that the browser does not know. */
export function nameOf(code, locales) {
  try {
    const name = new Intl.DisplayNames(locales, { type: "language", fallback: "none" }).of(code);
    return name ?? "";
  } catch {
    return "";
  }
}

/** Those whose names have every word that was typed, in the order they stand in. */
export function found(languages, typed) {
  const words = fold(typed).split(" ").filter(Boolean);
  return languages.filter((language) => words.every((word) => ` ${language.words}`.includes(` ${word}`)));
}

/** The code that fits the browser's own languages best. */
export function likeliest(languages, locales) {
  for (const locale of locales) {
    const [base] = locale.split("-");
    const exact = languages.find(({ code }) => code.toLowerCase() === locale.toLowerCase());
    const near = exact ?? languages.find(({ code }) => code.split("-")[0] === base);
    if (near) return near.code;
  }
  return "en";
}

/** Without case, accents and points. */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
