from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from blackball.decisions.information import Worth, ask
from blackball.reporting.asking import asking_tables
from tests.decisions.information.drawn import governed


def printed(asking, top=15):
    console = Console(file=StringIO(), width=100, color_system=None)
    with console.capture() as captured:
        console.print(asking_tables(asking, top))
    return captured.get()


@pytest.fixture(scope="module")
def asking():
    return ask(governed("mixture"))


@pytest.mark.parametrize(
    ("gain", "error", "shown"),
    [(0.01004, 0.00027, "0.01004 ± 0.00027"), (0.5, 0.0, "0.5000 ± 0.0000"), (1234.4, 120.0, "1234 ± 120")],
)
def test_a_gain_has_the_digits_that_its_error_allows(asking, gain, error, shown):
    assert f"Knowing everything would avoid {shown}." in " ".join(
        printed(replace(asking, everything=Worth(gain, error, 1.0, 0.0))).split()
    )


def test_a_gain_that_chance_may_have_made_is_no_number(asking):
    last = asking.questions[asking.questions["question"] == "u"]
    (row,) = (line for line in printed(replace(asking, questions=last)).splitlines() if line.startswith("  a new"))
    assert row.split()[:6] == ["a", "new", "expert", "u", "~", "0"]
    told = last.assign(told=True, gain=0.5, gain_mcse=0.01)
    (row,) = (line for line in printed(replace(asking, questions=told)).splitlines() if line.startswith("  a new"))
    assert row.split()[4:7] == ["0.500", "±", "0.010"]


def test_costs_have_a_column_only_where_there_are_any(asking):
    assert "cost" not in printed(asking)
    assert "cost" in printed(replace(asking, questions=asking.questions.assign(cost=0.1)))


def test_what_leans_on_illustrative_numbers_is_said(asking):
    assert "†" in printed(asking)
    assert "every gain through the model" in " ".join(printed(asking).split())
    assert "The loss leans on illustrative numbers" in printed(replace(asking, leans=True))
    plain = replace(
        asking,
        questions=asking.questions.assign(illustrative=False),
        parameters=asking.parameters.assign(illustrative=False),
        illustrative_priors=(),
    )
    assert "†" not in printed(plain)
    assert "illustrative" not in printed(plain)
