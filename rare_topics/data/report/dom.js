// Elements made from plain text, so that nothing in an article is read as markup.

const $ = (id) => document.getElementById(id);

function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function fill(id, ...children) {
  const element = typeof id === "string" ? $(id) : id;
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const languageTag = (lang) => (lang === "zh" ? "zh-Hans" : lang === "en" ? "en" : null);
const percent = (share) => (share === null || share === undefined ? "–" : `${Math.round(share * 100)}%`);

// Columns are {head, cell, number}; a cell is a text or an element.
function table(caption, columns, rows) {
  const kind = (column) => (column.number ? "number" : null);
  const head = el("tr", {}, columns.map((column) => el("th", { scope: "col", class: kind(column) }, column.head)));
  const body = rows.map((row) =>
    el("tr", {}, columns.map((column) => el("td", { class: kind(column), lang: column.lang?.(row), "data-head": column.head }, column.cell(row)))));
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, body)));
}
