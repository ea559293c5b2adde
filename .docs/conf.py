"""Settings of the documentation: ``python -m sphinx -W --keep-going .docs .docs/_build/html`` builds it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

from generated_pages import write_generated_pages

import rare_topics

# A fitted attribute in a sentence, which reStructuredText would take for a link.
FITTED = re.compile(r"(?<![\w`.])\w+[a-z]_(?![\w`])")

project = "rare_topics"
release = version = rare_topics.__version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx_design",
    "sphinx.ext.autodoc",
    "numpydoc",
]
exclude_patterns = ["_build"]
nitpicky = True
# Types in signatures are of other libraries, whose pages are not fetched, or of rooms inside the package.
nitpick_ignore_regex = [("py:(class|data|exc)", ".*")]
default_role = "literal"

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
add_module_names = False
numpydoc_show_class_members = False

html_theme = "furo"
html_title = f"rare_topics {release}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_js_files = ["access.js"]
html_show_copyright = False
html_copy_source = False

write_generated_pages(Path(__file__).parent)


def mark_fitted_attributes(app: object, what: str, name: str, value: object, options: object, lines: list[str]) -> None:
    """Set ``n_topics_`` and the like as code where a docstring has them bare, as in shapes of arrays."""
    lines[:] = [line if "``" in line else FITTED.sub(r"``\g<0>``", line) for line in lines]


def setup(app: Sphinx) -> None:
    """Mark them once numpydoc has read the docstring."""
    app.connect("autodoc-process-docstring", mark_fitted_attributes, priority=900)
