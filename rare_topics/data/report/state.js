// What is shown stands in the address, so that a view can be sent to somebody.

const FILTERS = ["from", "to", "source", "language", "theme", "topic", "cluster"];
const DEFAULTS = {
  lang: (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en",
  colours: "auto", q: "", article: "", at: "", section: "",
  ...Object.fromEntries(FILTERS.map((name) => [name, ""])),
};
const state = { ...DEFAULTS };

function address(changes = {}) {
  const wanted = { ...state, at: "", ...changes };
  const kept = Object.keys(DEFAULTS).filter((key) => wanted[key] !== "" && (key === "lang" || wanted[key] !== DEFAULTS[key]));
  return `#${new URLSearchParams(kept.map((key) => [key, wanted[key]]))}`;
}

// Keeps language and colours where an address does not name them.
function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const before = { lang: state.lang, colours: state.colours };
  for (const key of Object.keys(DEFAULTS)) state[key] = given.get(key) ?? before[key] ?? DEFAULTS[key];
  if (!["en", "zh"].includes(state.lang)) state.lang = "en";
}

function go(changes, { push = false } = {}) {
  const to = address(changes);
  try {
    history[push ? "pushState" : "replaceState"](null, "", to);
  } catch {
    // A page shown inside a notebook has no address of its own.
  }
  read(to);
}

const word = (key) => data.words[key]?.[state.lang] ?? key;
const named = (row, field) => row[`${field}_${state.lang}`];
