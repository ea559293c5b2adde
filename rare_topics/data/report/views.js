// The sections below the search, each for the articles that pass the filters.

const PAGE_SIZE = 12;
// Of larger clusters any article is their middle: all distances would take long.
const MAX_NAMED = 1000;
let nListed = PAGE_SIZE;

const mapBy = (list, key) => new Map(list.map((row) => [row[key], row]));

function filteredArticles() {
  const hits = matchingArticles(state.q);
  return data.articles.filter((article) =>
    (!hits || hits.has(article.number)) &&
    (!state.from || (article.date && article.date.slice(0, 7) >= state.from)) &&
    (!state.to || (article.date && article.date.slice(0, 7) <= state.to)) &&
    (!state.source || article.source === state.source) &&
    (!state.language || article.lang === state.language) &&
    (!state.theme || strength(article, state.theme) > 0) &&
    (!state.topic || article.topics.some(([topic]) => String(topic) === state.topic)) &&
    (!state.cluster || String(article.cluster) === state.cluster));
}

const strength = (article, theme) => data.strengths.get(theme)?.get(article.id)?.[0] ?? 0;

const sourceOf = (article) => localized(article, "source") || message("unknown_source");
const dateOf = (article) => article.date || message("undated");
const languageOf = (code) => message(code || "no_letters");
const clusterOf = (article) => localized(data.clusterOf.get(article.cluster), "label");

function articleLink(article, at = "") {
  const title = article.title || article.id;
  return el("a", { href: address({ article: article.id, at }), class: "title", lang: languageTag(article.title_lang), dir: "auto" }, withMarks(title, matchSpans(state.q, title)));
}

const articleCount = (n) => `${n} ${message(n === 1 ? "article_unit" : "articles_unit")}`;

function showCount(articles) {
  const text = message("shown").replace("{n}", articles.length).replace("{total}", data.articles.length);
  $("count").textContent = articles.length ? text : `${text} ${message("none_shown")}`;
  const interpretations = queryTerms(state.q).map((term) => {
    const names = term.concepts.map((concept) => data.search.labels[concept].join(" / "));
    return `${term.text} → ${names.length ? `${message("reads_as")} ${names.join(", ")}` : message("as_text")}`;
  });
  $("reading").textContent = interpretations.join(" · ");
}

function showList(articles) {
  fill("list", articles.slice(0, nListed).map((article) => el("li", {},
    el("div", { class: "clamped" }, articleLink(article)),
    el("div", { class: "meta" }, `${dateOf(article)} · `, el("bdi", {}, sourceOf(article)), ` · ${languageOf(article.lang)}`),
    state.q ? el("p", { class: "snippet", lang: languageTag(article.lang), dir: "auto" }, snippet(state.q, article)) : null,
    el("div", {}, el("span", { class: "tag" }, swatch(article.cluster), ` ${clusterOf(article)} · ${percent(article.confidence)}`), themeTags(article)))));
  $("more").hidden = articles.length <= nListed;
}

function themeTags(article) {
  return data.themes.filter((theme) => strength(article, theme.id) > 1)
    .map((theme) => el("span", { class: "tag" }, `${localized(theme, "title")} ${strength(article, theme.id)}/3`));
}

const clusterColour = (cluster) => {
  const { scale } = data.charts.map.encoding.color;
  return scale.range[scale.domain.indexOf(cluster)];
};

function swatch(cluster) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [key, value] of Object.entries({ cx: 5, cy: 5, r: 5, fill: clusterColour(cluster) })) dot.setAttribute(key, value);
  picture.setAttribute("viewBox", "0 0 10 10");
  picture.setAttribute("class", "swatch");
  picture.setAttribute("aria-hidden", "true");
  picture.append(dot);
  return picture;
}

// A narrow map has room for one part of a cluster's name, the first that no other cluster has.
const NARROW_MAP = 700;
function nameOnMap(article) {
  if ($("map-chart").clientWidth >= NARROW_MAP) return clusterOf(article);
  const others = new Set(data.clusters.filter((one) => one.cluster !== article.cluster).flatMap((one) => partsOf(clusterOf(one))));
  const parts = partsOf(clusterOf(article));
  return parts.find((part) => !others.has(part)) ?? parts[0];
}
const partsOf = (name) => name.split(" · ");

// The article of a cluster that is nearest to its others, beside which the map names the cluster.
function middleOf(cluster) {
  const members = data.articles.filter((article) => article.cluster === cluster);
  if (members.length > MAX_NAMED) return members[0];
  const spread = (one) => members.reduce((sum, other) => sum + Math.hypot(one.x - other.x, one.y - other.y), 0);
  return members.map((article) => [spread(article), article]).reduce((best, next) => (next[0] < best[0] ? next : best))[1];
}

function showMap(articles) {
  const shown = new Set(articles);
  const shortened = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
  const middles = new Set(data.clusters.filter((cluster) => cluster.cluster >= 0).map((cluster) => middleOf(cluster.cluster)));
  const rows = data.articles.map((article) => ({
    name: middles.has(article) ? nameOnMap(article) : "",
    id: article.id, x: article.x, y: article.y, cluster: article.cluster, lang: article.lang,
    confidence: article.confidence, shown: shown.has(article),
    label: [shortened(article.title), `${dateOf(article)} · ${sourceOf(article)}`, `${clusterOf(article)} · ${message("confidence")} ${percent(article.confidence)}`,
      ...data.themes.filter((theme) => strength(article, theme.id) > 1).map((theme) => localized(theme, "title"))].join("\n"),
  }));
  draw("map", rows, { click: (row) => openArticle(row.id) });
  fill("clusters", data.clusters.map((cluster) => el("li", {}, swatch(cluster.cluster), ` ${localized(cluster, "label")} · ${articleCount(cluster.n_articles)}`)));
  fillWhenOpened("map", () => table(message("map"), [
    { head: message("article"), cell: (article) => articleLink(article) },
    { head: message("date"), cell: dateOf },
    { head: message("source"), cell: (article) => el("bdi", {}, sourceOf(article)) },
    { head: message("body_language"), cell: (article) => languageOf(article.lang) },
    { head: message("cluster"), cell: clusterOf },
    { head: message("confidence"), number: true, cell: (article) => percent(article.confidence) },
    { head: "x", number: true, cell: (article) => article.x },
    { head: "y", number: true, cell: (article) => article.y },
  ], articles));
}

// The table beside a chart is made when it is opened, since laying out thousands of rows takes seconds.
const tableMakers = new Map();
function fillWhenOpened(name, make) {
  tableMakers.set(name, make);
  const details = $(`${name}-details`);
  if (details.open) fill(`${name}-table`, make());
  else fill(`${name}-table`);
}

function showTopics(articles) {
  if (!data.topics.length) return;
  const counts = new Map();
  for (const article of articles) for (const [topic, weight] of article.topics) counts.set(topic, (counts.get(topic) ?? 0) + (weight >= 0.25 ? 1 : 0));
  const rows = data.topics.toSorted((one, other) => other.share - one.share).map((topic) => ({
    name: localized(topic, "label"), share: topic.share, stability: topic.stability,
    label: `${localized(topic, "label")}\n${message("share")} ${percent(topic.share)} · ${message("stability")} ${percent(topic.stability)}`,
  }));
  draw("topics", rows);
  fillWhenOpened("topics", () => table(message("topics"), [
    { head: message("topic"), cell: (topic) => el("a", { href: address({ topic: String(topic.topic), section: "articles" }) }, localized(topic, "label")) },
    { head: message("terms_zh"), lang: () => "zh-Hans", cell: (topic) => topic.terms_zh },
    { head: message("terms_en"), lang: () => "en", cell: (topic) => topic.terms_en },
    { head: message("share"), number: true, cell: (topic) => percent(topic.share) },
    { head: message("stability"), number: true, cell: (topic) => percent(topic.stability) },
    { head: message("n_articles"), number: true, cell: (topic) => counts.get(topic.topic) ?? 0 },
  ], data.topics));
}

function showMonths(articles) {
  const codes = ["zh", "en", ""].filter((code) => data.articles.some((article) => article.lang === code));
  const months = data.articles.some((article) => !article.date) ? [...data.months, ""] : data.months;
  const count = (month, code) => articles.filter((article) => article.date.slice(0, 7) === month && article.lang === code).length;
  const rows = months.flatMap((month) => codes.map((code) => {
    const n = count(month, code);
    return { month: month || message("undated"), language: languageOf(code), n, label: `${month || message("undated")} · ${languageOf(code)}${message("colon")}${n}` };
  }));
  draw("months", rows);
  fillWhenOpened("months", () => table(message("timeline"), [
    { head: message("month"), cell: (month) => month || message("undated") },
    ...codes.map((code) => ({ head: languageOf(code), number: true, cell: (month) => count(month, code) })),
  ], months));
}
