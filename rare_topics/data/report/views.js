// The sections below the search: each shows the articles that pass the filters.

const PAGE = 12;
let listed = PAGE;

const byNumber = (list, key) => new Map(list.map((row) => [row[key], row]));

function passing() {
  const hits = searched(state.q);
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

const sourceOf = (article) => article.source || word("unknown_source");
const dateOf = (article) => article.date || word("undated");
const languageOf = (code) => word(code || "no_letters");
const clusterOf = (article) => named(data.clusterOf.get(article.cluster), "label");

function link(article, at = "") {
  return el("a", { href: address({ article: article.id, at }), class: "title", lang: tag(article.title_lang), dir: "auto" }, article.title || article.id);
}

function showCount(articles) {
  const text = `${articles.length} ${word("shown")} ${data.articles.length}`;
  $("count").textContent = articles.length ? text : `${text}. ${word("none_shown")}`;
  const read = terms(state.q).map((term) => {
    const names = term.concepts.map((concept) => data.search.labels[concept].join(" / "));
    return `${term.text} → ${names.length ? `${word("reads_as")} ${names.join(", ")}` : word("as_text")}`;
  });
  $("reading").textContent = read.join(" · ");
}

function showList(articles) {
  fill("list", articles.slice(0, listed).map((article) => el("li", {},
    el("div", { class: "clamped" }, link(article)),
    el("div", { class: "meta" }, `${dateOf(article)} · `, el("bdi", {}, sourceOf(article)), ` · ${languageOf(article.lang)}`),
    el("div", {}, el("span", { class: "tag" }, swatch(article.cluster), ` ${clusterOf(article)} · ${percent(article.confidence)}`), themeTags(article)))));
  $("more").hidden = articles.length <= listed;
}

function themeTags(article) {
  return data.themes.filter((theme) => strength(article, theme.id) > 1)
    .map((theme) => el("span", { class: "tag" }, `${named(theme, "title")} ${strength(article, theme.id)}/3`));
}

const colour = (cluster) => {
  const scale = data.charts.map.encoding.color.scale;
  return scale.range[scale.domain.indexOf(cluster)];
};

function swatch(cluster) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [key, value] of Object.entries({ cx: 5, cy: 5, r: 5, fill: colour(cluster) })) dot.setAttribute(key, value);
  picture.setAttribute("viewBox", "0 0 10 10");
  picture.setAttribute("class", "swatch");
  picture.setAttribute("aria-hidden", "true");
  picture.append(dot);
  return picture;
}

function showMap(articles) {
  const shown = new Set(articles);
  const shortened = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
  const rows = data.articles.map((article) => ({
    id: article.id, x: article.x, y: article.y, cluster: article.cluster, lang: article.lang,
    confidence: article.confidence, shown: shown.has(article),
    label: [shortened(article.title), `${dateOf(article)} · ${sourceOf(article)}`, `${clusterOf(article)} · ${word("confidence")} ${percent(article.confidence)}`,
      ...data.themes.filter((theme) => strength(article, theme.id) > 1).map((theme) => named(theme, "title"))].join("\n"),
  }));
  draw("map", rows, { click: (row) => visitArticle(row.id) });
  fill("clusters", data.clusters.map((cluster) => el("li", {}, swatch(cluster.cluster), ` ${named(cluster, "label")} (${cluster.n_articles})`)));
  whenOpen("map", () => table(word("map"), [
    { head: word("article"), cell: (article) => link(article) },
    { head: word("date"), cell: dateOf },
    { head: word("source"), cell: (article) => el("bdi", {}, sourceOf(article)) },
    { head: word("body_language"), cell: (article) => languageOf(article.lang) },
    { head: word("cluster"), cell: clusterOf },
    { head: word("confidence"), number: true, cell: (article) => percent(article.confidence) },
    { head: "x", number: true, cell: (article) => article.x },
    { head: "y", number: true, cell: (article) => article.y },
  ], articles));
}

// A table beside a picture is made when it is opened: thousands of rows are not laid out for nobody.
const waiting = new Map();
function whenOpen(name, make) {
  waiting.set(name, make);
  const details = $(`${name}-details`);
  if (details.open) fill(`${name}-table`, make());
  else fill(`${name}-table`);
}

function showTopics(articles) {
  if (!data.topics.length) return;
  const counts = new Map();
  for (const article of articles) for (const [topic, weight] of article.topics) counts.set(topic, (counts.get(topic) ?? 0) + (weight >= 0.25 ? 1 : 0));
  const rows = data.topics.map((topic) => ({
    name: named(topic, "label"), share: topic.share, stability: topic.stability,
    label: `${named(topic, "label")}\n${word("share")} ${percent(topic.share)} · ${word("stability")} ${percent(topic.stability)}`,
  }));
  draw("topics", rows);
  whenOpen("topics", () => table(word("topics"), [
    { head: word("topic"), cell: (topic) => el("a", { href: address({ topic: String(topic.topic), section: "articles" }) }, named(topic, "label")) },
    { head: word("terms_zh"), lang: () => "zh-Hans", cell: (topic) => topic.terms_zh },
    { head: word("terms_en"), lang: () => "en", cell: (topic) => topic.terms_en },
    { head: word("share"), number: true, cell: (topic) => percent(topic.share) },
    { head: word("stability"), number: true, cell: (topic) => percent(topic.stability) },
    { head: word("n_articles"), number: true, cell: (topic) => counts.get(topic.topic) ?? 0 },
  ], data.topics));
}

function showMonths(articles) {
  const codes = ["zh", "en", ""].filter((code) => data.articles.some((article) => article.lang === code));
  const months = data.articles.some((article) => !article.date) ? [...data.months, ""] : data.months;
  const count = (month, code) => articles.filter((article) => article.date.slice(0, 7) === month && article.lang === code).length;
  const rows = months.flatMap((month) => codes.map((code) => {
    const n = count(month, code);
    return { month: month || word("undated"), language: languageOf(code), n, label: `${month || word("undated")} · ${languageOf(code)}: ${n}` };
  }));
  draw("months", rows);
  whenOpen("months", () => table(word("timeline"), [
    { head: word("month"), cell: (month) => month || word("undated") },
    ...codes.map((code) => ({ head: languageOf(code), number: true, cell: (month) => count(month, code) })),
  ], months));
}
