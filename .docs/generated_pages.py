"""Pages that are made from the package itself, so that they never say what it no longer does."""

from __future__ import annotations

import inspect
from functools import cached_property
from pathlib import Path

import rare_topics as rt
from rare_topics import figures
from rare_topics.export.notebooks import list_notebooks
from rare_topics.figures import FIGURES, Figure
from rare_topics.runtime.atomic_write import write_file

ROOT = Path(__file__).parent.parent
GENERATED = "generated"

GALLERY = """# Gallery of figures

Every figure takes a study. `ax = figures.plot_map(study)` draws one, `lang="en"` or `lang="zh"` in one language, and
`figures.plot_map.table(study)` gives its numbers. The pictures below are of the 34 articles in `seeds/`.
`rt.save_figures(study, "figures")`, or `rare-topics figures` on the command line, writes all of them as PNG, SVG and
CSV.
"""

ENTRY = """
## {question}

```{{image}} ../../figures/{name}.png
:alt: {question}
```

{caption}

```python
from rare_topics import figures

ax = figures.{function}(study)
```

{{download}}`Numbers <../../figures/{name}.csv>` · {{download}}`vector picture <../../figures/{name}.svg>`

:::{{dropdown}} Where its numbers come from
```{{code-block}} python
{table}
```
:::
"""

NAMES = """# Every public name

| name | what it is |
|---|---|
{rows}

Figures are listed in the [gallery](gallery.md).

```{{toctree}}
:hidden:

{pages}
```
"""

NAME = """# {name}

```{{eval-rst}}
.. currentmodule:: rare_topics

.. {directive}
```
"""


def write_generated_pages(docs: Path) -> None:
    """Write the gallery and the list of names, and copy the notebooks, below a folder of the documentation.

    Parameters
    ----------
    docs
        The folder of ``conf.py``.
    """
    folder = docs / GENERATED
    (folder / "names").mkdir(parents=True, exist_ok=True)
    write_file(folder / "gallery.md", gallery().encode("utf-8"))
    write_file(folder / "names.md", list_of_names().encode("utf-8"))
    for name in rt.__all__:
        write_file(folder / "names" / f"{name}.md", page_of(name).encode("utf-8"))
    (folder / "notebooks").mkdir(exist_ok=True)
    for notebook in list_notebooks(ROOT / "notebooks"):
        write_file(folder / "notebooks" / notebook.name, notebook.read_bytes())


def gallery() -> str:
    """Return the page of all figures that have a picture, in the order of the registry."""
    functions = {id(value): name for name, value in inspect.getmembers(figures) if isinstance(value, Figure)}
    entries = [
        ENTRY.format(
            question=figure.question,
            caption=figure.caption,
            name=name,
            function=functions[id(figure)],
            table=inspect.getsource(figure.table),
        )
        for name, figure in FIGURES.items()
        if (ROOT / "figures" / f"{name}.png").exists()
    ]
    return GALLERY + "".join(entries)


def list_of_names() -> str:
    """Return the page that lists every public name, in the order of the steps, with its first sentence."""
    firsts = {name: (inspect.getdoc(getattr(rt, name)) or "").splitlines()[0] for name in rt.__all__}
    rows = "\n".join(f"| [`{name}`](names/{name}.md) | {first} |" for name, first in firsts.items())
    return NAMES.format(rows=rows, pages="\n".join(f"names/{name}" for name in firsts))


def page_of(name: str) -> str:
    """Return the page of a public name: a class with its own methods, a figure with its question, or a function."""
    value = getattr(rt, name)
    if isinstance(value, Figure):
        text = f"   {value.question}\n\n   {value.caption}"
        directive = f'function:: {name}(study, ax=None, *, lang="both")\n\n{text}'
    elif inspect.isclass(value):
        own = [member for member, held in vars(value).items() if is_documented(member, held)]
        directive = f"autoclass:: {name}\n" + (f"   :members: {', '.join(own)}" if own else "")
    else:
        directive = f"autofunction:: {name}"
    return NAME.format(name=name, directive=directive)


def is_documented(member: str, value: object) -> bool:
    """Tell whether something in a class is a method or property of its own, and not put there by scikit-learn."""
    is_public = not member.startswith("_") and not member.endswith("_request")
    return is_public and (callable(value) or isinstance(value, (property, classmethod, staticmethod, cached_property)))
