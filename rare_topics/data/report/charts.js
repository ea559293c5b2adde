// The pictures: Vega draws what the page counts.

const SVG_UP_TO = 800;
const drawn = new Map();

function translated(value) {
  if (typeof value === "string") return value.startsWith("@") ? word(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map(translated);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, translated(inner)]));
  }
  return value;
}

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function look() {
  const axis = { labelColor: ink("--ink"), titleColor: ink("--soft"), gridColor: ink("--line"), domainColor: ink("--line"), tickColor: ink("--line") };
  return {
    background: "transparent", font: getComputedStyle(document.body).fontFamily, view: { stroke: ink("--line") },
    axis: { ...axis, labelFontSize: 12, titleFontSize: 12 },
    legend: { labelColor: ink("--ink"), titleColor: ink("--soft"), labelFontSize: 12, titleFontSize: 12 },
  };
}

function tip(_, event, item, value) {
  const box = $("tip");
  const text = value && typeof value === "object" ? Object.values(value).join("\n") : value;
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  box.style.left = `${Math.max(0, Math.min(event.clientX + 12, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(0, Math.min(event.clientY + 12, innerHeight - box.offsetHeight - 8))}px`;
}

// Draws a picture anew where its look changed, else only its numbers.
async function draw(name, rows, { click, spec = data.charts[name], variant = "" } = {}) {
  const place = $(`${name}-chart`);
  const key = `${state.lang} ${document.documentElement.dataset.colours} ${place.clientWidth} ${variant}`;
  const known = drawn.get(place);
  if (known && known.key === key && known.view) {
    known.view.data("rows", rows);
    await known.view.runAsync();
    return;
  }
  const entry = { key };
  drawn.set(place, entry);
  known?.view?.finalize();
  const full = { ...translated(spec), data: { name: "rows", values: rows } };
  if (full.height.step) full.height = full.height.step * new Set(rows.map((row) => row.name)).size;
  const renderer = rows.length > SVG_UP_TO ? "canvas" : "svg";
  const made = await vegaEmbed(place, full, { mode: "vega-lite", renderer, ast: true, actions: false, defaultStyle: false, config: look(), tooltip: tip });
  if (drawn.get(place) !== entry) return;
  entry.view = made.view;
  if (click) made.view.addEventListener("click", (event, item) => { if (item?.datum?.id) click(item.datum); });
}
