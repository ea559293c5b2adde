// The state of the page stands in its address, so that a view can be sent to somebody.

const FILTERS = ["from", "to", "source", "language", "theme", "topic", "cluster"];
const DEFAULTS = {
  lang: (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en",
  colours: "auto", q: "", article: "", at: "", section: "",
  ...Object.fromEntries(FILTERS.map((name) => [name, ""])),
};
const state = { ...DEFAULTS };

function address(changes = {}) {
  const wanted = { ...state, at: "", ...changes };
  const keys = Object.keys(DEFAULTS).filter((key) => wanted[key] !== "" && (key === "lang" || wanted[key] !== DEFAULTS[key]));
  return `#${new URLSearchParams(keys.map((key) => [key, wanted[key]]))}`;
}

// Keeps language and colours where an address does not name them.
function readAddress(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const before = { lang: state.lang, colours: state.colours };
  for (const key of Object.keys(DEFAULTS)) state[key] = given.get(key) ?? before[key] ?? DEFAULTS[key];
  if (!["en", "zh"].includes(state.lang)) state.lang = "en";
}

function navigate(changes, { push = false } = {}) {
  const to = address(changes);
  try {
    history[push ? "pushState" : "replaceState"](null, "", to);
  } catch {
    // A page shown inside a notebook has no address of its own.
  }
  readAddress(to);
}

const message = (key) => data.messages[key]?.[state.lang] ?? key;
const localized = (row, field) => row[`${field}_${state.lang}`];
