// Search by concept and by letters: "Australia" finds 澳洲, and any other text is found as written.

const HAN = /[\u3400-\u9fff]/;
const WORDS = /[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+/g;
const normalized = (text) => text.normalize("NFKC").toLowerCase().trim();

// Cuts a query into the longest forms that name a concept; the rest stays as it was written.
function queryTerms(query) {
  const found = [];
  const pieces = [...normalized(query).matchAll(WORDS)].map((match) => match[0]);
  for (let at = 0; at < pieces.length;) {
    let length = HAN.test(pieces[at]) ? 1 : pieces.length - at;
    while (length > 1 && !conceptsOf(pieces.slice(at, at + length).join(" "))) length -= 1;
    const text = pieces.slice(at, at + length).join(" ");
    found.push(...(HAN.test(text) && !conceptsOf(text) ? segmentHan(text) : [{ text, concepts: conceptsOf(text) ?? [] }]));
    at += length;
  }
  return found;
}

// The concepts of a form, of the word that it is regularly inflected from, and of that word's participles: mine, mines, mined, mining.
function conceptsOf(form) {
  const { forms } = data.search;
  const isForm = (one) => Object.hasOwn(forms, one);
  const base = [form, ...baseForms(form)].find(isForm);
  if (base === undefined) return null;
  const family = [base, ...participles(base), .../(?:ing|ed)$/.test(base) ? baseForms(base) : []];
  return [...new Set(family.filter(isForm).flatMap((one) => forms[one]))];
}

const INFLECTIONS = [["ies", "y"], ["es", ""], ["s", ""], ["ied", "y"], ["ed", ""], ["d", ""], ["ing", ""], ["ing", "e"]];
const MIN_STEM = 3;
const IS_WORD = /^[a-z]{3,}$/;

function baseForms(form) {
  if (HAN.test(form) || /ss$/.test(form)) return [];
  return INFLECTIONS.filter(([ending]) => form.endsWith(ending) && form.length - ending.length >= MIN_STEM)
    .flatMap(([ending, instead]) => {
      const stem = form.slice(0, -ending.length);
      return [stem + instead, ...(/([b-df-hj-np-tv-z])\1$/.test(stem) ? [stem.slice(0, -1)] : [])];
    });
}

function participles(word) {
  if (!IS_WORD.test(word)) return [];
  const stem = word.replace(/e$/, "");
  return [`${stem}ing`, `${stem}ed`, `${stem}${stem.at(-1)}ing`, `${stem}${stem.at(-1)}ed`, word.replace(/y$/, "ied")];
}

function segmentHan(run) {
  const found = [];
  let rest = "";
  for (let at = 0; at < run.length;) {
    let end = run.length;
    while (end > at && !conceptsOf(run.slice(at, end))) end -= 1;
    if (end > at) {
      if (rest) found.push({ text: rest, concepts: [] });
      found.push({ text: run.slice(at, end), concepts: conceptsOf(run.slice(at, end)) });
      rest = "";
      at = end;
    } else {
      rest += run[at];
      at += 1;
    }
  }
  if (rest) found.push({ text: rest, concepts: [] });
  return found;
}

function articlesWith(concept) {
  const numbers = new Set();
  let number = 0;
  for (const step of data.search.postings[concept]) numbers.add((number += step));
  return numbers;
}

const escapeForRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// What is found by letters: of a concept all its names with their regular endings, longest first; of any other text what begins with its stem.
// A single Chinese character is marked only where it was asked for, and two Latin letters are a name only in capitals.
function termPatterns(term, { asked = false } = {}) {
  if (!term.concepts.length) {
    if (HAN.test(term.text)) return [new RegExp(escapeForRegExp(term.text), "giu")];
    const stem = term.text.replace(/(?<=\p{L}{4})(?:ies|e?s|ed|ing|e)$/u, "");
    const end = stem.length <= MIN_STEM ? "s?(?![\\p{L}\\p{N}])" : "";
    return [new RegExp(`(?<![\\p{L}\\p{N}])${escapeForRegExp(stem)}${end}`, "giu")];
  }
  const names = Object.entries(data.search.forms).filter(([, numbers]) => numbers.some((number) => term.concepts.includes(number))).map(([form]) => form);
  const han = names.filter((form) => HAN.test(form) && form.length > 1);
  if (asked && HAN.test(term.text)) han.push(term.text);
  const latin = names.filter((form) => !HAN.test(form) && form.length > 2).flatMap((form) => [form, `${form}s`, `${form}es`, form.replace(/y$/, "ies"), ...participles(form)]);
  const capitals = names.filter((form) => !HAN.test(form) && form.length === 2).map((form) => form.toUpperCase());
  const alternatives = (forms) => [...new Set(forms)].sort((one, other) => other.length - one.length).map(escapeForRegExp).join("|");
  const whole = (forms) => `(?<![\\p{L}\\p{N}])(?:${alternatives(forms)})(?![\\p{L}\\p{N}])`;
  return [han.length && new RegExp(alternatives(han), "gu"), latin.length && new RegExp(whole(latin), "giu"), capitals.length && new RegExp(whole(capitals), "gu")].filter(Boolean);
}

// The numbers of the articles that have every term, or null where nothing is asked.
function matchingArticles(query) {
  const wanted = queryTerms(query);
  if (!wanted.length) return null;
  const sets = wanted.map((term) => {
    const hits = new Set();
    for (const concept of term.concepts) for (const number of articlesWith(concept)) hits.add(number);
    const letters = termPatterns(term);
    data.articles.forEach((article, number) => {
      if (!hits.has(number) && letters.some((pattern) => article.title.search(pattern) >= 0 || article.body.search(pattern) >= 0)) hits.add(number);
    });
    return hits;
  });
  return sets.reduce((one, other) => new Set([...one].filter((number) => other.has(number))));
}

// The spans of a text that match a query: its own words, and the other names of its concepts, longest first.
// A single Chinese character names a country only within some words, so it is marked only where it was asked for.
function matchSpans(query, text) {
  const spans = [];
  for (const pattern of queryPatterns(query)) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (spans.every((span) => span.end <= start || span.start >= end)) spans.push({ start, end, kind: "found" });
    }
  }
  return spans;
}

// The patterns of the last query are kept, as every article of a list is searched with them.
let lastPatterns = { query: "", patterns: [] };
function queryPatterns(query) {
  if (lastPatterns.query !== query) {
    const patterns = queryTerms(query).flatMap((term) => termPatterns(term, { asked: true }));
    lastPatterns = { query, patterns };
  }
  return lastPatterns.patterns;
}

// The words around the first place of an article that fits a query, with all places in them marked; null where there is none.
const SNIPPET = 90;
function snippet(query, article) {
  const spans = matchSpans(query, article.body);
  if (!spans.length) return null;
  const first = Math.min(...spans.map((span) => span.start));
  const from = Math.max(0, first - SNIPPET);
  const to = Math.min(article.body.length, first + 2 * SNIPPET);
  const inside = spans.filter((span) => span.start >= from && span.end <= to).map((span) => ({ ...span, start: span.start - from, end: span.end - from }));
  const marked = withMarks(article.body.slice(from, to), inside);
  return [from ? "…" : "", ...marked, to < article.body.length ? "…" : ""];
}
