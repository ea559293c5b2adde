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

const conceptsOf = (form) => (Object.hasOwn(data.search.forms, form) ? data.search.forms[form] : null);

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

// A Latin word is found from its beginning; one that names a concept, as a whole.
function termPattern(term) {
  if (HAN.test(term.text)) return new RegExp(escapeForRegExp(term.text), "giu");
  const end = term.concepts.length ? "(?![\\p{L}\\p{N}])" : "";
  return new RegExp(`(?<![\\p{L}\\p{N}])${escapeForRegExp(term.text)}${end}`, "giu");
}

// The numbers of the articles that have every term, or null where nothing is asked.
function matchingArticles(query) {
  const wanted = queryTerms(query);
  if (!wanted.length) return null;
  const sets = wanted.map((term) => {
    const hits = new Set();
    for (const concept of term.concepts) for (const number of articlesWith(concept)) hits.add(number);
    const letters = termPattern(term);
    data.articles.forEach((article, number) => {
      if (!hits.has(number) && (article.title.search(letters) >= 0 || article.body.search(letters) >= 0)) hits.add(number);
    });
    return hits;
  });
  return sets.reduce((one, other) => new Set([...one].filter((number) => other.has(number))));
}

// The spans of a text that match a query: its own words, and the other names of its concepts, longest first.
// A single Chinese character names a country only within some words, so it is marked only where it was asked for.
function matchSpans(query, text) {
  const spans = [];
  for (const term of queryTerms(query)) {
    const others = Object.entries(data.search.forms)
      .filter(([form, numbers]) => (form.length > 1 || !HAN.test(form)) && numbers.some((number) => term.concepts.includes(number)))
      .map(([form]) => form);
    for (const form of [...new Set([term.text, ...others])].sort((one, other) => other.length - one.length)) {
      for (const match of text.matchAll(termPattern({ text: form, concepts: term.concepts }))) {
        const [start, end] = [match.index, match.index + match[0].length];
        if (spans.every((span) => span.end <= start || span.start >= end)) spans.push({ start, end, kind: "found" });
      }
    }
  }
  return spans;
}
