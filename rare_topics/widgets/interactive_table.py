"""A table by DataTables, which `itables` carries: sorted, searched and turned over in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from itables.widget import ITable

from rare_topics.runtime.html import count_noun
from rare_topics.widgets.static import StaticTable

if TYPE_CHECKING:
    import pandas as pd


class InteractiveTable(ITable):
    """A table that lives in a notebook, and is a plain one where no kernel runs.

    Parameters
    ----------
    table
        Any table; its texts are shown as they are, never as markup.
    max_rows
        Rows shown at most.
    """

    def __init__(self, table: pd.DataFrame, *, max_rows: int) -> None:
        caption = f"first {max_rows:,} of {count_noun(len(table), 'row')}" if len(table) > max_rows else None
        # The limits of the library would thin a table without a word.
        super().__init__(table.head(max_rows), caption=caption, allow_html=False, maxBytes=0, maxRows=0, maxColumns=0)
        self._static = StaticTable(table)

    def __repr__(self) -> str:
        return f"<interactive table of {count_noun(len(self._static.table), 'row')}>"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return {**data, "text/html": self._static._repr_html_()}, metadata
