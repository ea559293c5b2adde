"""What lives in a notebook: tables that are sorted and searched, and a map that is hovered, clicked and lassoed."""

from rare_topics.widgets.show import map_widget, show_table

__all__ = ["map_widget", "show_table"]
