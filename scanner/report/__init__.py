"""`report.html`: what became of all files in an output folder, for people with a browser."""

from scanner.report.write import NAME, write_report

__all__ = ["NAME", "write_report"]
