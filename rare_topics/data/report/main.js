// Reads the data, ties the controls to the state, and shows what the state says.

const ON_PAPER = 250;
let data = null;

async function unpacked(block) {
  if (block.dataset.packing !== "gzip") return JSON.parse(block.textContent);
  const bytes = Uint8Array.from(atob(block.textContent), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function prepare() {
  data.articles.forEach((article, number) => { article.number = number; });
  data.articleOf = byNumber(data.articles, "id");
  data.clusterOf = byNumber(data.clusters, "cluster");
  data.themeOf = byNumber(data.themes, "id");
  data.strengths = new Map(data.themes.map((theme) => [theme.id, new Map(Object.entries(theme.articles))]));
  data.claimOf = byNumber(data.claims, "claim_id");
  data.claimsOf = Map.groupBy(data.claims, (claim) => claim.article_id);
}

function options(id, entries) {
  const select = $(id);
  fill(select, entries.map(([value, text]) => el("option", { value }, text)));
  select.value = state[select.dataset.filter ?? id];
}

function showControls() {
  const all = [["", word("any")]];
  const months = data.months.map((month) => [month, month]);
  const sources = [...new Set(data.articles.map((article) => article.source))].filter(Boolean).sort();
  const langs = ["zh", "en"].filter((code) => data.articles.some((article) => article.lang === code));
  options("colours", ["auto", "light", "dark"].map((name) => [name, word(name)]));
  options("f-from", [...all, ...months]);
  options("f-to", [...all, ...months]);
  options("f-source", [...all, ...sources.map((source) => [source, source])]);
  options("f-language", [...all, ...langs.map((code) => [code, word(code)])]);
  options("f-theme", [...all, ...data.themes.map((theme) => [theme.id, named(theme, "title")])]);
  options("f-topic", [...all, ...data.topics.map((topic) => [String(topic.topic), named(topic, "label")])]);
  options("f-cluster", [...all, ...data.clusters.map((cluster) => [String(cluster.cluster), named(cluster, "label")])]);
  $("f-theme").closest("label").hidden = !data.themes.length;
  $("lang").value = state.lang;
  if ($("q").value !== state.q) $("q").value = state.q;
  $("nav").setAttribute("aria-label", word("sections"));
}

function wear() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.colours = state.colours === "auto" ? system : state.colours;
  document.documentElement.lang = tag(state.lang);
  document.title = `${word("title")} · rare_topics`;
}

// Reading an article changes nothing in the report below it.
let shownFor = "";
function show({ anew = false } = {}) {
  wear();
  const wanted = `${address({ article: "", section: "" })} ${document.documentElement.dataset.colours}`;
  if (anew || wanted !== shownFor) showReport();
  shownFor = wanted;
  showReader();
}

function showReport() {
  showControls();
  const articles = passing();
  showCount(articles);
  showMap(articles);
  showList(articles);
  showThemes(articles);
  showSuppliers(articles);
  showClaims(articles);
  showTopics(articles);
  showMonths(articles);
}

function follow(hash) {
  const section = state.section;
  read(hash);
  show();
  if (state.section && state.section !== section) visit(state.section);
}

function visit(section) {
  const title = $(`${section}-title`);
  if (!title) return;
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}

function listen() {
  addEventListener("popstate", () => follow(location.hash));
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("a[href^='#']");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const given = Object.fromEntries(new URLSearchParams(target.getAttribute("href").slice(1)));
    go(given, { push: true });
    show();
    if (given.section) visit(given.section);
  });
  listenToClaims();
  for (const select of document.querySelectorAll("#preferences select, #filters select")) {
    select.addEventListener("change", () => change({ [select.dataset.filter ?? select.id]: select.value }));
  }
  let timer = 0;
  $("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ q: $("q").value }), 150);
  });
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); change({ q: $("q").value }); });
  $("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    change({ q: "", ...Object.fromEntries(FILTERS.map((name) => [name, ""])) });
  });
  $("more").addEventListener("click", () => { listed += PAGE; showList(passing()); });
  $("print").addEventListener("click", () => print());
  $("reader").addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
  for (const details of document.querySelectorAll(".beside")) {
    details.addEventListener("toggle", () => {
      const name = details.id.replace("-details", "");
      if (details.open && waiting.has(name)) fill(`${name}-table`, waiting.get(name)());
    });
  }
  addEventListener("beforeprint", unfold);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show());
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => show({ anew: true }), 200); });
}

// Paper cannot be clicked: up to a length that somebody may still read, all is shown.
function unfold() {
  listed = Math.max(listed, ON_PAPER);
  claimsListed = Math.max(claimsListed, ON_PAPER);
  showReport();
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
}

function change(changes) {
  listed = PAGE;
  go(changes);
  show();
}

unpacked($("data")).then((value) => {
  data = value;
  prepare();
  read(location.hash);
  listen();
  show();
  if (state.section) visit(state.section);
});
