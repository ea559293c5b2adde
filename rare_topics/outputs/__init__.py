"""The folder a run leaves behind: tables, figures, the report and a manifest, all or nothing."""

from rare_topics.outputs.places import is_address, remove, steps_of
from rare_topics.outputs.run import MANIFEST, REPORT, check_place, is_run, tables, write_run

__all__ = ["MANIFEST", "REPORT", "check_place", "is_address", "is_run", "remove", "steps_of", "tables", "write_run"]
