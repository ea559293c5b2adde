// The map in a cell. `el`, `fill`, `languageTag` and `withMarks` are those of the report; texts never become markup.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, MARGIN] = [760, 480, 24];
// Keys that go from a point to the one before or after it, by date.
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const KEYS = "Arrows: next article, Enter: open, Space: select, Escape: close ∙ 方向键:下一篇,回车:打开,空格:选中,Esc:关闭";
// A pointer that has moved less than so many pixels has clicked.
const CLICK = 4;

function svg(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// One scale for both directions: distances on the map are comparable.
function placed(points) {
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  const [left, right] = [xs.reduce((a, b) => Math.min(a, b), Infinity), xs.reduce((a, b) => Math.max(a, b), -Infinity)];
  const [low, high] = [ys.reduce((a, b) => Math.min(a, b), Infinity), ys.reduce((a, b) => Math.max(a, b), -Infinity)];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left || 1), (HEIGHT - 2 * MARGIN) / (high - low || 1));
  return points.map((point) => ({
    ...point,
    cx: WIDTH / 2 + scale * (point.x - (left + right) / 2),
    cy: HEIGHT / 2 - scale * (point.y - (low + high) / 2),
  }));
}

// Even-odd rule: a ray to the right crosses the outline an odd number of times.
function isInside(x, y, outline) {
  let inside = false;
  outline.forEach(([x1, y1], number) => {
    const [x2, y2] = outline[(number + outline.length - 1) % outline.length];
    if (y1 > y !== y2 > y && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)) inside = !inside;
  });
  return inside;
}

function render({ model, el: root }) {
  const points = placed(model.get("points"));
  const byId = new Map(points.map((point) => [point.id, point]));
  const canvas = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `Map of articles ∙ 文章地图. ${KEYS}` });
  const lasso = svg("polygon", { class: "lasso" });
  const radius = points.length > 500 ? 3 : 6;
  const circles = new Map(points.map((point) => {
    const size = radius * (0.5 + 0.5 * point.confidence);
    const named = { role: "button", tabindex: -1, "aria-label": [point.title, point.date, point.source].filter(Boolean).join(", ") };
    return [point.id, svg("circle", { cx: point.cx, cy: point.cy, r: size, fill: point.colour, "data-id": point.id, ...named })];
  }));
  // The map is one stop of the tab key.
  circles.get(points[0]?.id)?.setAttribute("tabindex", 0);
  canvas.append(...circles.values(), lasso);
  const tip = el("div", { class: "tip", hidden: true });
  const status = el("div", { class: "status", role: "status" });
  const reader = el("div", { class: "reader", role: "region", tabindex: 0, "aria-label": "Article ∙ 文章", hidden: true });
  const send = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const items = () => points.map((point) => el("li", {}, point.date || "–", " ", el("button", { type: "button", dir: "auto", onclick: () => open(point.id) }, point.title)));
  const list = el("details", { class: "articles", ontoggle: () => list.open && fill(list.lastChild, items()) },
    el("summary", {}, "Articles as a list ∙ 文章列表"), el("ul", {}));
  root.classList.add("rare-topics-map");
  // JupyterLab leaves the keys to what is marked so.
  root.dataset.lmSuppressShortcuts = "true";
  root.append(el("div", { class: "stage" }, canvas, tip), status, reader, list);

  const pointOf = (event) => byId.get(document.elementsFromPoint(event.clientX, event.clientY)
    .concat(event.composedPath()).find((one) => one.dataset?.id !== undefined && canvas.contains(one))?.dataset.id);
  const onCanvas = (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM().inverse());
    return [x, y];
  };

  function showTip(point, { clientX, clientY }) {
    tip.hidden = !point;
    if (!point) return;
    fill(tip, el("b", { dir: "auto" }, point.title), el("div", {}, point.date || "–", " · ", el("bdi", {}, point.source)), el("div", {}, point.cluster));
    const box = tip.parentElement.getBoundingClientRect();
    const left = clientX - box.left;
    tip.style.left = `${Math.max(0, Math.min(left + 12, box.width - tip.offsetWidth))}px`;
    tip.style.top = `${clientY - box.top + 14}px`;
  }

  function showSelection() {
    const chosen = new Set(model.get("selection"));
    circles.forEach((circle, id) => circle.classList.toggle("chosen", chosen.has(id)));
    canvas.classList.toggle("choosing", chosen.size > 0);
    fill(status, `${model.get("note")}${chosen.size ? `, ${chosen.size} selected ∙ 已选 ${chosen.size} 篇` : ""}`);
  }

  function showArticle() {
    const point = byId.get(model.get("opened"));
    reader.hidden = !point;
    circles.forEach((circle, id) => circle.classList.toggle("open", id === point?.id));
    if (!point) return;
    const article = model.get("article");
    const arrived = article.id === point.id;
    const marks = (field) => article.marks.filter((mark) => mark.field === field);
    fill(reader,
      el("button", { type: "button", title: "close ∙ 关闭", "aria-label": "close ∙ 关闭", onclick: close }, "×"),
      el("h4", { dir: "auto", lang: arrived ? languageTag(article.title_lang) : null }, arrived ? withMarks(article.title, marks("title")) : point.title),
      el("p", { class: "meta" }, point.date || "–", " · ", el("bdi", {}, point.source)),
      el("div", { class: "text", dir: "auto", lang: arrived ? languageTag(article.lang) : null }, arrived ? withMarks(article.body, marks("body")) : "…"));
    reader.scrollTop = 0;
  }

  // Whoever opens an article by a key reads on there, and comes back to where it was opened.
  let opener = null;
  function open(id) {
    opener = document.activeElement;
    send("opened", id);
    reader.focus();
  }
  function close() {
    send("opened", "");
    opener?.focus();
  }
  function toggle(id) {
    const chosen = model.get("selection");
    send("selection", chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  }
  function step(id, by) {
    const next = points[points.findIndex((point) => point.id === id) + by];
    if (!next) return;
    circles.get(id).setAttribute("tabindex", -1);
    circles.get(next.id).setAttribute("tabindex", 0);
    circles.get(next.id).focus();
  }
  root.addEventListener("keydown", (event) => {
    const id = event.target.dataset.id;
    if (event.key === "Escape" && model.get("opened")) close();
    else if (id && event.key === "Enter") open(id);
    else if (id && event.key === " ") toggle(id);
    else if (id && STEPS[event.key]) step(id, STEPS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // On the stage: an SVG element that listens for the focus takes it itself.
  canvas.parentElement.addEventListener("focusin", (event) => {
    const { right, bottom } = event.target.getBoundingClientRect();
    showTip(byId.get(event.target.dataset.id), { clientX: right, clientY: bottom });
  });
  canvas.parentElement.addEventListener("focusout", () => {
    tip.hidden = true;
  });

  let outline = null;
  const drawLasso = () => lasso.setAttribute("points", (outline ?? []).map((corner) => corner.join(",")).join(" "));
  const hasMoved = (event) => Math.hypot(event.clientX - outline.start[0], event.clientY - outline.start[1]) >= CLICK;
  function finish(event) {
    const drawn = outline;
    const moved = hasMoved(event) || drawn.length > 2;
    const clicked = pointOf(event);
    outline = null;
    drawLasso();
    if (moved) send("selection", points.filter((point) => isInside(point.cx, point.cy, drawn)).map((point) => point.id));
    else if (clicked) send("opened", clicked.id);
    else send("selection", []);
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    outline = Object.assign([onCanvas(event)], { start: [event.clientX, event.clientY] });
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!outline) return showTip(pointOf(event), event);
    tip.hidden = true;
    if (outline.length > 1 || hasMoved(event)) outline.push(onCanvas(event));
    return drawLasso();
  });
  canvas.addEventListener("pointerup", (event) => outline && finish(event));
  canvas.addEventListener("pointercancel", () => {
    outline = null;
    drawLasso();
  });
  canvas.addEventListener("pointerleave", () => {
    tip.hidden = true;
  });

  const handlers = { "change:selection": showSelection, "change:opened": showArticle, "change:article": showArticle };
  for (const [name, handler] of Object.entries(handlers)) model.on(name, handler);
  showSelection();
  showArticle();
  return () => Object.entries(handlers).forEach(([name, handler]) => model.off(name, handler));
}

export default { render };
