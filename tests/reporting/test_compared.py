"""What a script prints of a comparison is what the command line prints."""

from __future__ import annotations

import pytest

import blackball as bb
from blackball import decisions
from blackball.reporting.table import render

from ..synthetic import governed


@pytest.mark.parametrize("verdict", ["trusted", "failed"])
def test_it_prints_the_tables_the_notes_and_the_verdict(verdict):
    fit = governed(verdict)
    text = str(bb.compare(fit, {"catastrophe": 1}))
    assert text == render(decisions.compare(fit, {"catastrophe": 1})).rstrip("\n")
    assert "90 % posterior interval" in text
    assert "Weighted sum" in text
    assert "† leans on illustrative numbers" in text
    assert ("DIAGNOSTICS FAILED" in text) == (verdict == "failed")


def test_it_is_a_comparison_that_a_notebook_shows_as_well():
    found = bb.compare(governed())
    assert isinstance(found, bb.Comparison)
    assert repr(found) == str(found)
    assert found._repr_html_().startswith("<pre>one-or-many")
    assert "&lt;" in bb.compare(governed())._repr_html_()  # such as `< 0.0001`
