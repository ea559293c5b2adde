// Claims, and where the articles disagree.

const N_CLAIMS = 25;
const MIN_LOG_RATIO = 50;
let nClaimsListed = N_CLAIMS;
let chosenGroup = "";

const verdictWord = (verdict) => message(`verdict_${verdict.replaceAll(" ", "_")}`);
const subjectOf = (row) => localized(row, "subject") || "–";
const asOf = (claim) => localized(claim, "as_of") || "–";
const numberOf = (claim) => localized(claim, "number");
const claimArticle = (claim) => data.articleOf.get(claim.article_id);

function claimLink(claim) {
  return el("a", { class: "cite", href: address({ article: claim.article_id, at: claim.at }) }, `${dateOf(claimArticle(claim))} · `, el("bdi", {}, sourceOf(claimArticle(claim))));
}

function claimQuote(claim) {
  const article = claimArticle(claim);
  const text = claim.field === "title" ? article.title : article.body;
  const [from, to] = claim.quote;
  const span = { start: claim.start - from, end: claim.end - from, kind: "claim" };
  return el("span", { class: "quote", lang: languageTag(claim.field === "title" ? article.title_lang : article.lang), dir: "auto" }, withMarks(text.slice(from, to), [span]));
}

const claimColumns = () => [
  { head: message("number"), cell: numberOf },
  { head: message("printed"), cell: (claim) => claim.printed },
  { head: message("as_of"), cell: asOf },
  { head: message("quote"), cell: claimQuote },
  { head: message("article"), cell: claimLink },
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
  if (!groups.length) $("groups").textContent = message("nothing");
  listClaims(claims);
}

function groupBox(group, open) {
  const box = el("details", { "data-group": group.group, open },
    el("summary", {}, el("span", { class: `tag verdict-${group.verdict.split(" ")[0]}` }, verdictWord(group.verdict)), " ", el("strong", {}, subjectOf(group)),
      el("span", { class: "note" }, ` ${[...new Set(group.shown.map(group.verdict === "contradicts publication" ? asOf : numberOf))].join(" · ")}`)));
  const fillIn = () => { if (box.childElementCount < 2) box.append(table(subjectOf(group), claimColumns(), group.shown)); };
  if (open) fillIn();
  box.addEventListener("toggle", () => { if (box.open) fillIn(); });
  return box;
}

// An arrow says that the true value lies above what is printed, or below it.
const UPWARD = new Set(["over", "at least"]);
const DOWNWARD = new Set(["nearly", "under", "up to"]);

// About as wide as a text of 12 px is drawn.
const widthOf = (text) => [...text].reduce((sum, char) => sum + (HAN.test(char) ? 12 : 7), 0);

function drawGroup(groups) {
  const several = groups.filter((group) => group.verdict !== "contradicts publication" && new Set(group.shown.map((claim) => claim.value)).size > 1);
  const group = several.find((one) => one.group === chosenGroup) ?? several.toSorted((one, other) => other.n_articles - one.n_articles)[0];
  const select = $("group");
  fill(select, several.map((one) => el("option", { value: one.group }, subjectOf(one))));
  select.value = group?.group ?? "";
  $("claims-picture").hidden = !group;
  if (!group) return;
  const rows = group.shown.map((claim, number) => ({
    name: `${number + 1}. ${dateOf(claimArticle(claim))} ${sourceOf(claimArticle(claim))}`, id: claim.article_id, at: claim.at,
    value: claim.value, high: claim.value_high ?? claim.value, number: numberOf(claim), above: UPWARD.has(claim.qualifier) ? "→" : "", below: DOWNWARD.has(claim.qualifier) ? "←" : "",
    label: `${numberOf(claim)}\n${claimArticle(claim).title}`,
  }));
  const values = rows.flatMap((row) => [row.value, row.high]);
  const log = Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= MIN_LOG_RATIO;
  const spec = structuredClone(data.charts.claims);
  // A number stands right of its point, where the last one would leave the picture.
  spec.padding = { left: 5, top: 5, bottom: 5, right: 30 + Math.max(...rows.map((row) => widthOf(row.number))) };
  for (const layer of spec.layer) {
    layer.encoding.x.axis = { tickCount: 6, labelOverlap: true };
    layer.encoding.x.title = `${subjectOf(group)} (${group.shown[0].unit})`;
    layer.encoding.x.scale = log ? { type: "log" } : { zero: false, padding: 14 };
  }
  draw("claims", rows, { spec, variant: group.group, click: (row) => openArticle(row.id, row.at) });
  fillWhenOpened("claims", () => table(subjectOf(group), claimColumns(), group.shown));
}

function listClaims(claims) {
  const kinds = [...new Set(data.claims.map((claim) => claim.kind))].sort();
  const select = $("kind");
  const chosen = select.value;
  fill(select, el("option", { value: "" }, message("any")), kinds.map((kind) => el("option", { value: kind }, message(`kind_${kind.replaceAll(" ", "_")}`))));
  select.value = chosen;
  const rows = claims.filter((claim) => !chosen || claim.kind === chosen);
  fill("claim-list", rows.length ? table(`${message("all_claims")}${message("colon")}${rows.length}`, [{ head: message("subject"), cell: subjectOf }, ...claimColumns()], rows.slice(0, nClaimsListed)) : message("nothing"));
  $("more-claims").hidden = rows.length <= nClaimsListed;
}

function addClaimListeners() {
  if (!data.claims.length) return;
  $("group").addEventListener("change", () => { chosenGroup = $("group").value; showClaims(filteredArticles()); });
  $("kind").addEventListener("change", () => { nClaimsListed = N_CLAIMS; showClaims(filteredArticles()); });
  $("more-claims").addEventListener("click", () => { nClaimsListed *= 4; showClaims(filteredArticles()); });
}
