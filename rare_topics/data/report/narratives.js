// Themes with their quotes, and who could supply.

const FEW_QUOTES = 4;
const roleWord = (role) => word(`role_${role.replace(/[- ]/g, "_")}`);

const quoteOf = (article, place) => (place.place === "title" ? article.title : article.body).slice(place.start, place.end);

function quoted(article, place) {
  const lang = tag(place.place === "title" ? article.title_lang : article.lang);
  return [
    el("blockquote", { class: "quote", lang, dir: "auto" }, quoteOf(article, place)), " ",
    el("a", { class: "cite", href: address({ article: article.id, at: place.at }) }, `${dateOf(article)} · `, el("bdi", {}, sourceOf(article))),
  ];
}

function showThemes(articles) {
  if (!data.themes.length) return;
  const wanted = data.themes.filter((theme) => !state.theme || theme.id === state.theme);
  const rows = wanted.map((theme) => ({ theme, strong: articles.filter((article) => strength(article, theme.id) > 1).length }))
    .sort((one, other) => other.strong - one.strong);
  drawThemes(wanted);
  const open = new Set([...$("theme-list").querySelectorAll("details[open]")].map((details) => details.dataset.theme));
  fill("theme-list", rows.map(({ theme, strong }) => themeBox(theme, strong, articles, open.has(theme.id) || state.theme === theme.id)));
}

function drawThemes(themes) {
  const rows = themes.flatMap((theme) => theme.months.map((month) => ({
    name: named(theme, "title"), month: month.month, n: month.n_articles, strong: month.n_strong, share: month.share,
    interval: month.low === null ? "–" : `${percent(month.low)} – ${percent(month.high)}`,
    label: `${named(theme, "title")}\n${month.month}: ${month.n_strong} / ${month.n_articles}`,
  })));
  draw("themes", rows);
  whenOpen("themes", () => table(`${word("themes")}. ${word("all_articles_note")}`, [
    { head: word("theme"), cell: (row) => row.name },
    { head: word("month"), cell: (row) => row.month },
    { head: word("n_articles"), number: true, cell: (row) => row.n },
    { head: word("strong_articles"), number: true, cell: (row) => row.strong },
    { head: word("share_of_month"), number: true, cell: (row) => percent(row.share) },
    { head: word("interval"), number: true, cell: (row) => row.interval },
  ], rows));
}

function themeBox(theme, strong, articles, open) {
  const quotes = el("ol", { class: "quotes" });
  const details = el("details", { "data-theme": theme.id, open },
    el("summary", {}, el("strong", {}, named(theme, "title")), ` · ${strong} `, el("span", { class: "note" }, named(theme, "question"))),
    quotes);
  const show = (most) => {
    const found = articles.flatMap((article) => (data.evidence[article.id] ?? [])
      .filter((place) => theme.id in place.themes).map((place) => ({ article, place, rank: place.themes[theme.id] + strength(article, theme.id) })))
      .sort((one, other) => other.rank - one.rank);
    fill(quotes, found.slice(0, most).map(({ article, place }) => el("li", {}, quoted(article, place),
      el("span", { class: "note" }, ` · ${word("strength")} ${strength(article, theme.id)}/3, ${word("score")} ${place.themes[theme.id].toFixed(2)}`))),
    found.length > most ? el("li", {}, el("button", { type: "button", onclick: () => show(most * 5) }, `${word("more")} (${found.length})`)) : null,
    found.length ? null : el("li", {}, word("nothing")));
  };
  if (open) show(FEW_QUOTES);
  details.addEventListener("toggle", () => { if (details.open && !quotes.childElementCount) show(FEW_QUOTES); });
  return details;
}

function showSuppliers(articles) {
  if (!data.suppliers.length) return;
  const shown = new Set(articles.map((article) => article.id));
  const rows = data.suppliers.filter((row) => shown.has(row.article));
  const roles = [...new Set(data.suppliers.map((row) => row.role))];
  const countries = [...Map.groupBy(rows, (row) => row.country)].sort((one, other) => other[1].length - one[1].length);
  fill("suppliers-table", countries.length ? table(word("suppliers"), [
    { head: word("country"), cell: ([, found]) => named(found[0], "country") },
    ...roles.map((role) => ({ head: roleWord(role), number: true, cell: ([, found]) => roleCell(found.filter((row) => row.role === role)) })),
  ], countries) : word("nothing"));
  fill("supplier-quotes");
}

function roleCell(rows) {
  if (!rows.length) return "·";
  const label = `${named(rows[0], "country")}, ${roleWord(rows[0].role)}: ${rows.length}`;
  return el("button", { type: "button", class: `heat heat-${Math.min(rows.length, 5)}`, "aria-label": label, onclick: () => showRole(rows, label) }, String(rows.length));
}

function showRole(rows, label) {
  const title = el("h3", { tabindex: -1 }, label);
  fill("supplier-quotes", title, el("ul", {}, rows.map((row) => el("li", {}, quoted(data.articleOf.get(row.article), row)))));
  title.focus();
}
