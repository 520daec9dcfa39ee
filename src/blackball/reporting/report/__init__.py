"""The report: one HTML file in which a reader without code finds the answer, how sure it is, and why."""

from blackball.reporting.report.page import page

__all__ = ["page"]
