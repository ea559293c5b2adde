"""What leaves the program: the folder of a run, and notebooks run in place."""

from rare_topics.export.run_folder import check_run_folder, is_run, write_run

__all__ = ["check_run_folder", "is_run", "write_run"]
