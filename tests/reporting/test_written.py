"""Results as text to paste."""

import re

import pandas as pd
import pytest

from blackball.decisions import compare
from blackball.reporting.results import result_grids
from blackball.reporting.summary import summary_rows, write_parquet
from blackball.reporting.templates import md, tex
from blackball.reporting.words import with_unit
from blackball.reporting.written import write_latex, write_markdown

from ..synthetic import governed, ungoverned, urn

FITS = pytest.mark.parametrize("fit", [governed(), ungoverned(), urn()])


def written(fit, folder, write):
    write(compare(fit), fit, folder / "out")
    return (folder / "out").read_text(encoding="utf-8")


@FITS
def test_every_result_is_in_every_text(fit, tmp_path):
    comparison = compare(fit)
    markdown, latex = (written(fit, tmp_path, write) for write in (write_markdown, write_latex))
    for row in comparison.outcomes.itertuples():
        mean, median = with_unit(row.mean, "probability"), with_unit(row.median, "probability")
        assert f"| {mean} | {median} |" in markdown
        assert f"& {tex(mean)} & {tex(median)} &" in latex
    assert sum(len(grid.rows) for grid in result_grids(comparison)) == len(comparison.outcomes)


@FITS
def test_tables_are_whole(fit, tmp_path):
    lines = written(fit, tmp_path, write_markdown).splitlines()
    for place, line in enumerate(lines):
        if line.startswith("| ---"):
            width = line.count("|")
            assert lines[place - 1].count("|") == width
            assert lines[place + 1].count("|") == width
    latex = written(fit, tmp_path, write_latex)
    assert latex.count(r"\begin{longtable}") == latex.count(r"\end{longtable}") >= 1
    tables = re.findall(r"\\begin{longtable}{p{0.24\\linewidth}(r+)}\n(.*?)\\end{longtable}", latex, re.DOTALL)
    assert len(tables) == latex.count(r"\begin{longtable}")
    for numbers, table in tables:
        rows = [line for line in table.splitlines() if " & " in line]
        assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {len(numbers)}


def test_a_failed_verdict_and_illustrative_numbers_are_told(tmp_path):
    for write, mark in ((write_markdown, "> **DIAGNOSTICS FAILED"), (write_latex, r"\textbf{DIAGNOSTICS FAILED")):
        assert mark in written(governed("failed"), tmp_path, write)
        assert "DIAGNOSTICS" not in written(governed(), tmp_path, write)
        assert "leans on illustrative numbers" in written(governed(), tmp_path, write)


def test_signs_of_latex_and_markdown_are_plain_text():
    assert tex(r"a_b 5 % & \x {y} ~^ <†") == (
        r"a\_b 5 \% \& \textbackslash{}x \{y\} \textasciitilde{}\textasciicircum{} \textless{}\textdagger{}"
    )
    assert md("a|b\nc") == r"a\|b<br>c"


def test_parquet_holds_the_rows_with_their_types(tmp_path):
    fit = governed()
    write_parquet(compare(fit), fit, tmp_path / "summary.parquet")
    found = pd.read_parquet(tmp_path / "summary.parquet")
    pd.testing.assert_frame_equal(found, summary_rows(compare(fit), fit), check_dtype=False)
    assert found["mean"].dtype == "float64"
    assert found["leans"].dtype == "bool"
