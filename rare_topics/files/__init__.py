"""Files and folders that are written whole or not at all, by one process at a time."""

from rare_topics.files.atomic import files_within, own_place, replaced_folder, telling_where, write_file, writing
from rare_topics.files.lock import claimed

__all__ = ["claimed", "files_within", "own_place", "replaced_folder", "telling_where", "write_file", "writing"]
