// What is said in numbers, and where the articles disagree.

const FEW_CLAIMS = 25;
const LOG_FROM = 50;
let claimsListed = FEW_CLAIMS;
let chosenGroup = "";

const verdictWord = (verdict) => word(`verdict_${verdict.replaceAll(" ", "_")}`);
const subjectOf = (row) => named(row, "subject") || "–";
const qualifierOf = (claim) => (claim.qualifier ? `${word(`qualifier_${claim.qualifier.replaceAll(" ", "_")}`)} ` : "");
const printedOf = (claim) => `${qualifierOf(claim)}${claim.printed}`;
const claimArticle = (claim) => data.articleOf.get(claim.article_id);

function claimLink(claim) {
  return el("a", { class: "cite", href: address({ article: claim.article_id, at: claim.at }) }, `${dateOf(claimArticle(claim))} · `, el("bdi", {}, sourceOf(claimArticle(claim))));
}

function claimQuote(claim) {
  const article = claimArticle(claim);
  const text = claim.place === "title" ? article.title : article.body;
  const [from, to] = claim.quote;
  const span = { start: claim.start - from, end: claim.end - from, kind: "claim" };
  return el("span", { class: "quote", lang: tag(claim.place === "title" ? article.title_lang : article.lang), dir: "auto" }, marked(text.slice(from, to), [span]));
}

const claimColumns = () => [
  { head: word("printed"), cell: printedOf },
  { head: word("as_of"), cell: (claim) => claim.as_of || "–" },
  { head: word("quote"), cell: claimQuote },
  { head: word("article"), cell: claimLink },
];

function showClaims(articles) {
  if (!data.claims.length) return;
  const shown = new Set(articles.map((article) => article.id));
  const claims = data.claims.filter((claim) => shown.has(claim.article_id));
  const groups = data.disagreements
    .map((group) => ({ ...group, shown: group.claims.map((id) => data.claimOf.get(id)).filter((claim) => shown.has(claim.article_id)) }))
    .filter((group) => group.shown.length);
  drawGroup(groups);
  const open = new Set([...$("groups").querySelectorAll("details[open]")].map((details) => details.dataset.group));
  fill("groups", groups.map((group) => groupBox(group, open.has(group.group))));
  if (!groups.length) $("groups").textContent = word("nothing");
  listClaims(claims);
}

function groupBox(group, open) {
  const box = el("details", { "data-group": group.group, open },
    el("summary", {}, el("span", { class: `tag verdict-${group.verdict.split(" ")[0]}` }, verdictWord(group.verdict)), " ", el("strong", {}, subjectOf(group)),
      el("span", { class: "note" }, ` ${[...new Set(group.shown.map((claim) => claim.printed))].join(" · ")}`)));
  const fillIn = () => { if (box.childElementCount < 2) box.append(table(subjectOf(group), claimColumns(), group.shown)); };
  if (open) fillIn();
  box.addEventListener("toggle", () => { if (box.open) fillIn(); });
  return box;
}

function drawGroup(groups) {
  const several = groups.filter((group) => new Set(group.shown.map((claim) => claim.value)).size > 1);
  const group = several.find((one) => one.group === chosenGroup) ?? several.toSorted((one, other) => other.n_articles - one.n_articles)[0];
  const select = $("group");
  fill(select, several.map((one) => el("option", { value: one.group }, subjectOf(one))));
  select.value = group?.group ?? "";
  $("claims-picture").hidden = !group;
  if (!group) return;
  const rows = group.shown.map((claim, number) => ({
    name: `${number + 1}. ${dateOf(claimArticle(claim))} ${sourceOf(claimArticle(claim))}`, id: claim.article_id, at: claim.at,
    value: claim.value, high: claim.value_high ?? claim.value, kind: claim.as_of || word("undated"),
    label: `${printedOf(claim)}\n${claimArticle(claim).title}`,
  }));
  const values = rows.flatMap((row) => [row.value, row.high]);
  const log = Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= LOG_FROM;
  const spec = structuredClone(data.charts.claims);
  for (const layer of spec.layer) {
    layer.encoding.x.title = `${subjectOf(group)} (${group.shown[0].unit})`;
    layer.encoding.x.scale = log ? { type: "log" } : { zero: false, padding: 14 };
  }
  draw("claims", rows, { spec, variant: group.group, click: (row) => visitArticle(row.id, row.at) });
  whenOpen("claims", () => table(subjectOf(group), claimColumns(), group.shown));
}

function listClaims(claims) {
  const kinds = [...new Set(data.claims.map((claim) => claim.kind))].sort();
  const select = $("kind");
  const chosen = select.value;
  fill(select, el("option", { value: "" }, word("any")), kinds.map((kind) => el("option", { value: kind }, word(`kind_${kind.replaceAll(" ", "_")}`))));
  select.value = chosen;
  const rows = claims.filter((claim) => !chosen || claim.kind === chosen);
  fill("claim-list", rows.length ? table(`${word("claims")}: ${rows.length}`, [{ head: word("subject"), cell: subjectOf }, ...claimColumns()], rows.slice(0, claimsListed)) : word("nothing"));
  $("more-claims").hidden = rows.length <= claimsListed;
}

function listenToClaims() {
  if (!data.claims.length) return;
  $("group").addEventListener("change", () => { chosenGroup = $("group").value; showClaims(passing()); });
  $("kind").addEventListener("change", () => { claimsListed = FEW_CLAIMS; showClaims(passing()); });
  $("more-claims").addEventListener("click", () => { claimsListed *= 4; showClaims(passing()); });
}
