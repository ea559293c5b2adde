// One article: its text with evidence and claims marked where they stand.

function spansOf(article, field) {
  const text = field === "title" ? article.title : article.body;
  const evidence = data.evidence[article.id] ?? [];
  const claims = data.claimsOf.get(article.id) ?? [];
  const here = [
    ...evidence.map((row) => ({ ...row, kind: "evidence", label: Object.keys(row.themes).map(themeTitle).join(", ") || message("quote") })),
    ...claims.map((row) => ({ ...row, kind: "claim", label: `${numberOf(row)} · ${subjectOf(row)}` })),
  ].filter((row) => row.field === field);
  return [...here.map(({ start, end, kind, label, at }) => ({ start, end, kind, label, id: at })), ...matchSpans(state.q, text)];
}

function showReader() {
  const dialog = $("reader");
  const article = data.articleOf.get(state.article);
  if (!article) {
    if (dialog.open) closeReader(dialog);
    return;
  }
  dialog.dataset.article = article.id;
  fill(dialog,
    el("div", { class: "top" }, el("button", { type: "button", onclick: closeArticle }, `← ${message("back")}`)),
    el("h2", { id: "reader-title", tabindex: -1, lang: languageTag(article.title_lang), dir: "auto" }, withMarks(article.title, spansOf(article, "title"))),
    el("p", { class: "meta" }, `${dateOf(article)} · `, el("bdi", {}, sourceOf(article)), ` · ${languageOf(article.lang)} · ${message("pages")}${message("colon")}${article.pages.join(", ") || "–"}`),
    el("p", {}, el("span", { class: "tag" }, swatch(article.cluster), ` ${clusterOf(article)} · ${message("confidence")} ${percent(article.confidence)}`),
      article.topics.filter(([, weight]) => weight >= 0.1).map(([topic, weight]) => el("span", { class: "tag" }, `${localized(data.topics.find((row) => row.topic === topic), "label")} ${percent(weight)}`))),
    el("h3", {}, message("text")),
    el("div", { class: "body", lang: languageTag(article.lang), dir: "auto" }, withMarks(article.body, spansOf(article, "body"))),
    evidenceOf(article),
    claimsIn(article),
    article.truncated ? el("p", { class: "note" }, message("truncated")) : null,
    similarOf(article));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const target = state.at && $(state.at);
  if (target) {
    target.querySelector("mark")?.classList.add("here");
    target.scrollIntoView({ block: "center" });
  }
}

const themeTitle = (id) => (data.themeOf.has(id) ? localized(data.themeOf.get(id), "title") : id);

function evidenceOf(article) {
  const found = data.themes.filter((theme) => strength(article, theme.id) > 0)
    .sort((one, other) => strength(article, other.id) - strength(article, one.id));
  if (!found.length) return null;
  const best = (theme) => (data.evidence[article.id] ?? []).filter((passage) => theme.id in passage.themes)
    .sort((one, other) => other.themes[theme.id] - one.themes[theme.id])[0];
  return [el("h3", {}, message("evidence")), table(message("evidence"), [
    { head: message("theme"), cell: (theme) => localized(theme, "title") },
    { head: message("strength"), number: true, cell: (theme) => `${strength(article, theme.id)}/3` },
    { head: message("confidence"), number: true, cell: (theme) => percent(theme.articles[article.id][1]) },
    { head: message("quote"), cell: (theme) => (best(theme) ? anchorLink(best(theme), quoteOf(article, best(theme))) : "–") },
  ], found)];
}

function claimsIn(article) {
  const found = data.claimsOf.get(article.id) ?? [];
  if (!found.length) return null;
  return [el("h3", {}, message("claims_here")), table(message("claims_here"), [
    { head: message("printed"), cell: (claim) => anchorLink(claim, numberOf(claim)) },
    { head: message("subject"), cell: subjectOf },
    { head: message("as_of"), cell: asOf },
  ], found)];
}

const anchorLink = (row, text) => el("a", { class: "quote", href: address({ at: row.at }) }, text);

// Sight and keyboard focus return to the link that opened the article.
function closeReader(dialog) {
  dialog.close();
  const links = document.querySelectorAll("main a[href*='article=']");
  [...links].find((one) => new URLSearchParams(one.getAttribute("href").slice(1)).get("article") === dialog.dataset.article)?.focus({ preventScroll: true });
}

function similarOf(article) {
  const others = article.similar.filter(([, value]) => value > 0);
  if (!others.length) return null;
  return [el("h3", {}, message("similar")), el("ul", {}, others.map(([id, value]) =>
    el("li", {}, articleLink(data.articleOf.get(id)), ` (${message("similarity")} ${value.toFixed(2)})`)))];
}

function openArticle(id, at = "") {
  navigate({ article: id, at }, { push: true });
  render();
}

const closeArticle = () => openArticle("");
