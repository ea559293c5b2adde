"""One offline page that shows a study to a colleague."""

from rare_topics.report.page import Report, check_report_path, write_report

__all__ = ["Report", "check_report_path", "write_report"]
