// Themes with their quotes, acts of control, and who could supply.

const N_QUOTES = 4;
// The most definite that is said of a supplier comes first, other roles last, as in the figures.
const ROLES = ["supplier_running", "supplier_building", "supplier_planned", "supplier_reserves", "supplier_denied", "self_supplier", "transit", "buyer", "partner"];
const roleWord = (role) => message(`role_${role.replace(/[- ]/g, "_")}`);

const quoteOf = (article, passage) => (passage.field === "title" ? article.title : article.body).slice(passage.start, passage.end);

function quoteWithLink(article, passage) {
  const lang = languageTag(passage.field === "title" ? article.title_lang : article.lang);
  return [
    el("blockquote", { class: "quote", lang, dir: "auto" }, quoteOf(article, passage)), " ",
    el("a", { class: "cite", href: address({ article: article.id, at: passage.at }) }, `${dateOf(article)} · `, el("bdi", {}, sourceOf(article))),
  ];
}

function showThemes(articles) {
  if (!data.themes.length) return;
  const wanted = data.themes.filter((theme) => !state.theme || theme.id === state.theme);
  const rows = wanted.map((theme) => ({ theme, strong: countOf(articles, theme, (value) => value > 1), weak: countOf(articles, theme, (value) => value === 1) }))
    .filter((row) => row.strong + row.weak > 0)
    .sort((one, other) => other.strong - one.strong || other.weak - one.weak);
  drawThemes(rows.filter((row) => row.strong > 0).map((row) => row.theme));
  const open = new Set([...$("theme-list").querySelectorAll("details[open]")].map((details) => details.dataset.theme));
  fill("theme-list", rows.map(({ theme, strong, weak }) => themeBox(theme, { strong, weak }, articles, open.has(theme.id) || state.theme === theme.id)));
}

function drawThemes(themes) {
  const rows = themes.flatMap((theme) => theme.months.map((month) => ({
    name: localized(theme, "title"), month: month.month, n: month.n_articles, strong: month.n_strong, share: month.share,
    interval: month.low === null ? "–" : `${percent(month.low)} – ${percent(month.high)}`,
    label: `${localized(theme, "title")}\n${month.month}${message("colon")}${month.n_strong} / ${month.n_articles}`,
  })));
  const spec = structuredClone(data.charts.themes);
  spec.encoding.x.scale = { domain: data.months };
  draw("themes", rows, { spec });
  fillWhenOpened("themes", () => table(`${message("themes")}. ${message("all_articles_note")}`, [
    { head: message("theme"), cell: (row) => row.name },
    { head: message("month"), cell: (row) => row.month },
    { head: message("n_articles"), number: true, cell: (row) => row.n },
    { head: message("strong_articles"), number: true, cell: (row) => row.strong },
    { head: message("share_of_month"), number: true, cell: (row) => percent(row.share) },
    { head: message("interval"), number: true, cell: (row) => row.interval },
  ], rows));
}

const countOf = (articles, theme, fits) => articles.filter((article) => fits(strength(article, theme.id))).length;

// Says what is counted: articles that deal with a theme, and those that only mention it.
function reachOf({ strong, weak }) {
  const parts = [];
  if (strong) parts.push(message("dealt_with").replace("{n}", articleCount(strong)));
  if (weak) parts.push(message("mentioned_in").replace("{n}", articleCount(weak)));
  return parts.join(message("comma"));
}

function themeBox(theme, reach, articles, open) {
  const quotes = el("ol", { class: "quotes" });
  const details = el("details", { "data-theme": theme.id, open },
    el("summary", {}, el("strong", {}, localized(theme, "title")), ` · ${reachOf(reach)} · `, el("span", { class: "note" }, localized(theme, "question"))),
    quotes);
  const showQuotes = (most) => {
    const found = articles.flatMap((article) => (data.evidence[article.id] ?? [])
      .filter((passage) => theme.id in passage.themes).map((passage) => ({ article, passage, rank: passage.themes[theme.id] + strength(article, theme.id) })))
      .sort((one, other) => other.rank - one.rank);
    fill(quotes, found.slice(0, most).map(({ article, passage }) => el("li", {}, quoteWithLink(article, passage),
      el("span", { class: "note" }, ` · ${message("strength")} ${strength(article, theme.id)}/3${message("comma")}${message("score")} ${passage.themes[theme.id].toFixed(2)}`))),
    found.length > most ? el("li", { class: "bare" }, el("button", { type: "button", onclick: () => showQuotes(most * 5) }, `${message("more")} (${found.length})`)) : null,
    found.length ? null : el("li", { class: "bare" }, message("nothing")));
  };
  if (open) showQuotes(N_QUOTES);
  details.addEventListener("toggle", () => { if (details.open && !quotes.childElementCount) showQuotes(N_QUOTES); });
  return details;
}

function showActs(articles) {
  if (!data.acts.length) return;
  const shown = new Set(articles.map((article) => article.id));
  const rows = data.acts.filter((row) => shown.has(row.article));
  fill("acts-table", rows.length ? table(`${message("acts")}${message("colon")}${rows.length}`, [
    { head: message("date"), cell: (row) => localized(row, "date") || "–" },
    { head: message("actor"), cell: (row) => localized(row, "actor") || "–" },
    { head: message("act"), cell: (row) => message(`act_${row.direction}`) },
    { head: message("goods"), cell: (row) => localized(row, "goods") || "–" },
    { head: message("quote"), cell: (row) => el("span", {}, quoteWithLink(data.articleOf.get(row.article), row)) },
  ], rows) : message("nothing"));
}

function showSuppliers(articles) {
  if (!data.suppliers.length) return;
  const shown = new Set(articles.map((article) => article.id));
  const rows = data.suppliers.filter((row) => shown.has(row.article));
  const roles = ROLES.filter((role) => data.suppliers.some((row) => row.role === role));
  const countries = [...Map.groupBy(rows, (row) => row.country)].sort((one, other) => other[1].length - one[1].length);
  fill("suppliers-table", countries.length ? table(message("suppliers"), [
    { head: message("country"), cell: ([, found]) => localized(found[0], "country") },
    ...roles.map((role) => ({ head: roleWord(role), number: true, cell: ([, found]) => roleCell(found.filter((row) => row.role === role)) })),
  ], countries) : message("nothing"));
  fill("supplier-quotes");
}

function roleCell(rows) {
  if (!rows.length) return "·";
  const label = `${localized(rows[0], "country")}${message("comma")}${roleWord(rows[0].role)}${message("colon")}${rows.length}`;
  return el("button", { type: "button", class: `heat heat-${Math.min(rows.length, 5)}`, "aria-label": label, onclick: () => showSupplierQuotes(rows, label) }, String(rows.length));
}

function showSupplierQuotes(rows, label) {
  const title = el("h3", { tabindex: -1 }, label);
  fill("supplier-quotes", title, el("ul", {}, rows.map((row) => el("li", {}, quoteWithLink(data.articleOf.get(row.article), row)))));
  title.focus();
}
