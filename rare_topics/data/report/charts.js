// The charts, drawn by Vega from rows that the page counts.

const MAX_SVG_ROWS = 800;
const charts = new Map();

function localizedSpec(value) {
  if (typeof value === "string") return value.startsWith("@") ? message(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map(localizedSpec);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, localizedSpec(inner)]));
  }
  return value;
}

const cssVariable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function vegaConfig() {
  const axis = { labelColor: cssVariable("--ink"), titleColor: cssVariable("--soft"), gridColor: cssVariable("--line"), domainColor: cssVariable("--line"), tickColor: cssVariable("--line") };
  return {
    background: "transparent", font: getComputedStyle(document.body).fontFamily, view: { stroke: cssVariable("--line") },
    text: { color: cssVariable("--ink") },
    axis: { ...axis, labelFontSize: 12, titleFontSize: 12 },
    legend: { labelColor: cssVariable("--ink"), titleColor: cssVariable("--soft"), labelFontSize: 12, titleFontSize: 12, titleLimit: 0 },
  };
}

function showTooltip(_, event, item, value) {
  const box = $("tip");
  const text = value && typeof value === "object" ? Object.values(value).join("\n") : value;
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  box.style.left = `${Math.max(0, Math.min(event.clientX + 12, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(0, Math.min(event.clientY + 12, innerHeight - box.offsetHeight - 8))}px`;
}

// Names of points stand as near to them as they cover neither a point nor one another.
const ANCHORS = ["top", "bottom", "right", "left", "top-right", "top-left", "bottom-right", "bottom-left"];
const LABEL_DISTANCES = [6, 14, 26, 42];
function placeNames(spec) {
  const names = spec.marks.find((mark) => mark.name === "names_marks");
  if (!names) return spec;
  const { fill, fontSize, fontWeight } = names.encode.update;
  names.from = { data: "points_marks" };
  names.encode.update = { fontSize, fontWeight, text: { field: "datum.name" }, fill: { ...fill, field: `datum.${fill.field}` } };
  names.transform = [{
    type: "label", size: { signal: "[width, height]" },
    anchor: LABEL_DISTANCES.flatMap(() => ANCHORS), offset: LABEL_DISTANCES.flatMap((distance) => ANCHORS.map(() => distance)),
  }];
  return spec;
}

// Builds a chart where language, colours, width or variant changed; otherwise replaces its rows only.
async function draw(name, rows, { click, spec = data.charts[name], variant = "" } = {}) {
  const container = $(`${name}-chart`);
  const key = `${state.lang} ${document.documentElement.dataset.colours} ${container.clientWidth} ${variant}`;
  const earlier = charts.get(container);
  if (earlier && earlier.key === key && earlier.view) {
    earlier.view.data("rows", rows);
    await earlier.view.runAsync();
    return;
  }
  const entry = { key };
  charts.set(container, entry);
  earlier?.view?.finalize();
  const fullSpec = { ...localizedSpec(spec), data: { name: "rows", values: rows } };
  if (fullSpec.height.step) fullSpec.height = fullSpec.height.step * new Set(rows.map((row) => row.name)).size;
  const renderer = rows.length > MAX_SVG_ROWS ? "canvas" : "svg";
  const embedded = await vegaEmbed(container, fullSpec, { mode: "vega-lite", renderer, ast: true, patch: placeNames, actions: false, defaultStyle: false, config: vegaConfig(), tooltip: showTooltip });
  if (charts.get(container) !== entry) return;
  entry.view = embedded.view;
  if (click) embedded.view.addEventListener("click", (event, item) => { if (item?.datum?.id) click(item.datum); });
}
