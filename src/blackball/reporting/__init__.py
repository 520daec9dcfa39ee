"""Reporting: tables, files and figures of what a fit says."""

from blackball.reporting.checks import diagnosis_table
from blackball.reporting.table import comparison_table, render

__all__ = ["comparison_table", "diagnosis_table", "render"]
