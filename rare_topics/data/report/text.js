// A text with marks at exact offsets, which may overlap.

function withMarks(text, spans) {
  const cuts = [...new Set([0, text.length, ...spans.flatMap((span) => [span.start, span.end])])]
    .filter((cut) => cut >= 0 && cut <= text.length)
    .sort((one, other) => one - other);
  const started = new Set();
  const pieces = [];
  for (let number = 1; number < cuts.length; number += 1) {
    const [from, to] = [cuts[number - 1], cuts[number]];
    const over = spans.filter((span) => span.start < to && span.end > from);
    if (!over.length) {
      pieces.push(text.slice(from, to));
      continue;
    }
    const first = over.filter((span) => span.id && !started.has(span.id));
    first.forEach((span) => started.add(span.id));
    const kinds = [...new Set(over.map((span) => span.kind))].join(" ");
    const titles = [...new Set(over.map((span) => span.label).filter(Boolean))].join("\n");
    let piece = el("mark", { class: kinds, title: titles || null, "data-spans": over.map((span) => span.id ?? "").join(" ") }, text.slice(from, to));
    for (const span of first) piece = el("span", { id: span.id }, piece);
    pieces.push(piece);
  }
  return pieces;
}
