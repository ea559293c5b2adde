"""Files and folders that are written whole or not at all, by one process at a time."""

from rare_topics.files.atomic import (
    files_within,
    own_place,
    replaced_file,
    replaced_folder,
    telling_where,
    write_file,
    writing,
)
from rare_topics.files.lock import claimed
from rare_topics.files.spreadsheet import from_csv, to_csv, write_csv

__all__ = [
    "claimed",
    "files_within",
    "from_csv",
    "own_place",
    "replaced_file",
    "replaced_folder",
    "telling_where",
    "to_csv",
    "write_csv",
    "write_file",
    "writing",
]
