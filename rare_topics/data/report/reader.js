// One article: its text with evidence and claims marked where they stand.

function spansOf(article, place) {
  const text = place === "title" ? article.title : article.body;
  const evidence = data.evidence[article.id] ?? [];
  const claims = data.claimsOf.get(article.id) ?? [];
  const here = [
    ...evidence.map((row) => ({ ...row, kind: "evidence", label: Object.keys(row.themes).map(themeTitle).join(", ") })),
    ...claims.map((row) => ({ ...row, kind: "claim", label: `${printedOf(row)} · ${subjectOf(row)}` })),
  ].filter((row) => row.place === place);
  return [...here.map(({ start, end, kind, label, at }) => ({ start, end, kind, label, id: at })), ...places(state.q, text)];
}

function showReader() {
  const dialog = $("reader");
  const article = data.articleOf.get(state.article);
  if (!article) {
    if (dialog.open) putDown(dialog);
    return;
  }
  dialog.dataset.article = article.id;
  fill(dialog,
    el("div", { class: "top" }, el("button", { type: "button", onclick: leave }, `← ${word("back")}`)),
    el("h2", { id: "reader-title", tabindex: -1, lang: tag(article.title_lang), dir: "auto" }, marked(article.title, spansOf(article, "title"))),
    el("p", { class: "meta" }, `${dateOf(article)} · `, el("bdi", {}, sourceOf(article)), ` · ${languageOf(article.lang)} · ${word("pages")}: ${article.pages.join(", ") || "–"}`),
    el("p", {}, el("span", { class: "tag" }, swatch(article.cluster), ` ${clusterOf(article)} · ${word("confidence")} ${percent(article.confidence)}`),
      article.topics.filter(([, weight]) => weight >= 0.1).map(([topic, weight]) => el("span", { class: "tag" }, `${named(data.topics.find((row) => row.topic === topic), "label")} ${percent(weight)}`))),
    el("h3", {}, word("text")),
    el("div", { class: "body", lang: tag(article.lang), dir: "auto" }, marked(article.body, spansOf(article, "body"))),
    evidenceOf(article),
    claimsIn(article),
    article.cut ? el("p", { class: "note" }, word("cut")) : null,
    similarOf(article));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const target = state.at && $(state.at);
  if (target) {
    target.querySelector("mark")?.classList.add("here");
    target.scrollIntoView({ block: "center" });
  }
}

const themeTitle = (id) => (data.themeOf.has(id) ? named(data.themeOf.get(id), "title") : id);

function evidenceOf(article) {
  const found = data.themes.filter((theme) => strength(article, theme.id) > 0)
    .sort((one, other) => strength(article, other.id) - strength(article, one.id));
  if (!found.length) return null;
  const best = (theme) => (data.evidence[article.id] ?? []).filter((place) => theme.id in place.themes)
    .sort((one, other) => other.themes[theme.id] - one.themes[theme.id])[0];
  return [el("h3", {}, word("evidence")), table(word("evidence"), [
    { head: word("theme"), cell: (theme) => named(theme, "title") },
    { head: word("strength"), number: true, cell: (theme) => `${strength(article, theme.id)}/3` },
    { head: word("confidence"), number: true, cell: (theme) => percent(theme.articles[article.id][1]) },
    { head: word("quote"), cell: (theme) => (best(theme) ? jump(best(theme), quoteOf(article, best(theme))) : "–") },
  ], found)];
}

function claimsIn(article) {
  const found = data.claimsOf.get(article.id) ?? [];
  if (!found.length) return null;
  return [el("h3", {}, word("claims_here")), table(word("claims_here"), [
    { head: word("printed"), cell: (claim) => jump(claim, printedOf(claim)) },
    { head: word("subject"), cell: subjectOf },
    { head: word("as_of"), cell: (claim) => claim.as_of || "–" },
  ], found)];
}

const jump = (place, text) => el("a", { class: "quote", href: address({ at: place.at }) }, text);

// The eye and the keyboard come back to where the article was opened.
function putDown(dialog) {
  dialog.close();
  const links = document.querySelectorAll("main a[href*='article=']");
  [...links].find((one) => new URLSearchParams(one.getAttribute("href").slice(1)).get("article") === dialog.dataset.article)?.focus({ preventScroll: true });
}

function similarOf(article) {
  const others = article.similar.filter(([, value]) => value > 0);
  if (!others.length) return null;
  return [el("h3", {}, word("similar")), el("ul", {}, others.map(([id, value]) =>
    el("li", {}, link(data.articleOf.get(id)), ` (${word("similarity")} ${value.toFixed(2)})`)))];
}

function visitArticle(id, at = "") {
  go({ article: id, at }, { push: true });
  show();
}

const leave = () => visitArticle("");
