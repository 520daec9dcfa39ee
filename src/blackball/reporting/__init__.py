"""Reporting: tables, files and figures of what a fit says."""

from blackball.reporting.figures import write_figures
from blackball.reporting.summary import summary_rows, write_csv, write_json
from blackball.reporting.table import comparison_table, render

__all__ = ["comparison_table", "render", "summary_rows", "write_csv", "write_figures", "write_json"]
