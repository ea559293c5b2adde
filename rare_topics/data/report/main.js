// Reads the data, connects the controls to the state, and renders the page from it.

let data = null;

async function readData(block) {
  if (block.dataset.packing !== "gzip") return JSON.parse(block.textContent);
  const bytes = Uint8Array.from(atob(block.textContent), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function indexData() {
  data.articles.forEach((article, number) => { article.number = number; });
  data.articleOf = mapBy(data.articles, "id");
  data.clusterOf = mapBy(data.clusters, "cluster");
  data.themeOf = mapBy(data.themes, "id");
  data.strengths = new Map(data.themes.map((theme) => [theme.id, new Map(Object.entries(theme.articles))]));
  data.claimOf = mapBy(data.claims, "claim_id");
  data.claimsOf = Map.groupBy(data.claims, (claim) => claim.article_id);
}

function fillSelect(id, entries) {
  const select = $(id);
  fill(select, entries.map(([value, text]) => el("option", { value }, text)));
  select.value = state[select.dataset.filter ?? id];
}

function showControls() {
  const all = [["", message("any")]];
  const months = data.months.map((month) => [month, month]);
  const sources = [...new Set(data.articles.map((article) => article.source))].filter(Boolean).sort();
  const langs = ["zh", "en"].filter((code) => data.articles.some((article) => article.lang === code));
  fillSelect("colours", ["auto", "light", "dark"].map((name) => [name, message(name)]));
  fillSelect("f-from", [...all, ...months]);
  fillSelect("f-to", [...all, ...months]);
  fillSelect("f-source", [...all, ...sources.map((source) => [source, sourceOf(data.articles.find((article) => article.source === source))])]);
  fillSelect("f-language", [...all, ...langs.map((code) => [code, message(code)])]);
  fillSelect("f-theme", [...all, ...data.themes.map((theme) => [theme.id, localized(theme, "title")])]);
  fillSelect("f-topic", [...all, ...data.topics.map((topic) => [String(topic.topic), localized(topic, "label")])]);
  fillSelect("f-cluster", [...all, ...data.clusters.map((cluster) => [String(cluster.cluster), localized(cluster, "label")])]);
  $("f-theme").closest("label").hidden = !data.themes.length;
  $("lang").value = state.lang;
  if ($("q").value !== state.q) $("q").value = state.q;
  $("nav").setAttribute("aria-label", message("sections"));
}

function applyPreferences() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.colours = state.colours === "auto" ? system : state.colours;
  document.documentElement.lang = languageTag(state.lang);
  document.title = `${message("title")} · rare_topics`;
}

// The report itself is rendered only where something else than the opened article changed.
let renderedAddress = "";
function render({ rebuild = false } = {}) {
  applyPreferences();
  const wantedAddress = `${address({ article: "", section: "" })} ${document.documentElement.dataset.colours}`;
  if (rebuild || wantedAddress !== renderedAddress) showReport();
  renderedAddress = wantedAddress;
  showReader();
}

function showReport() {
  showControls();
  const articles = filteredArticles();
  document.body.classList.toggle("filtered", Boolean(state.q) || FILTERS.some((name) => state[name]));
  showCount(articles);
  showMap(articles);
  showList(articles);
  showThemes(articles);
  showActs(articles);
  showSuppliers(articles);
  showClaims(articles);
  showTopics(articles);
  showMonths(articles);
}

function follow(hash) {
  const section = state.section;
  readAddress(hash);
  render();
  if (state.section && state.section !== section) focusSection(state.section);
}

function focusSection(section) {
  const title = $(`${section}-title`);
  if (!title) return;
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}

function addListeners() {
  addEventListener("popstate", () => follow(location.hash));
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("a[href^='#']");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (target.matches(".skip")) return focusSection("minute");
    const given = Object.fromEntries(new URLSearchParams(target.getAttribute("href").slice(1)));
    navigate(given, { push: true });
    render();
    if (given.section) focusSection(given.section);
  });
  addClaimListeners();
  for (const select of document.querySelectorAll("#preferences select, #filters select")) {
    select.addEventListener("change", () => changeState({ [select.dataset.filter ?? select.id]: select.value }));
  }
  let timer = 0;
  $("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => changeState({ q: $("q").value }), 150);
  });
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); changeState({ q: $("q").value }); });
  $("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    changeState({ q: "", ...Object.fromEntries(FILTERS.map((name) => [name, ""])) });
  });
  $("more").addEventListener("click", () => { nListed += PAGE_SIZE; showList(filteredArticles()); });
  $("print").addEventListener("click", () => print());
  $("reader").addEventListener("cancel", (event) => { event.preventDefault(); closeArticle(); });
  for (const details of document.querySelectorAll(".beside")) {
    details.addEventListener("toggle", () => {
      const name = details.id.replace("-details", "");
      if (details.open && tableMakers.has(name)) fill(`${name}-table`, tableMakers.get(name)());
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => render());
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => render({ rebuild: true }), 200); });
}

function changeState(changes) {
  nListed = PAGE_SIZE;
  navigate(changes);
  render();
}

// Charts measure their texts, for which the font must be there.
const fontsLoaded = Promise.all(["", "bold "].map((weight) => document.fonts.load(`${weight}12px "Report Sans"`))).catch(() => []);

Promise.all([readData($("data")), fontsLoaded]).then(([value]) => {
  data = value;
  indexData();
  readAddress(location.hash);
  addListeners();
  render();
  if (state.section) focusSection(state.section);
});
