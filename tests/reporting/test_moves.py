"""Who moved what: bars that add up to the change."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from blackball.decisions import compare
from blackball.reporting.figures import drawn
from blackball.reporting.moves import NOBODY, moves
from blackball.reporting.style import styled

from ..synthetic import governed

MOVED = {
    "catastrophe[status_quo, 2050]": 0.01,
    "catastrophe[licensing, 2050]": -0.03,
    "power_concentration[one_project]": 0.02,
}
ANN = {name: 0.5 * move for name, move in MOVED.items()}
BEN = {name: -0.25 * move for name, move in MOVED.items()}


def updated(by: dict[str, dict[str, float]]) -> xr.DataTree:
    entry = {"when": "2027-01-02", "way": "weights", "why": "made for a test", "experts": ", ".join(by), "previous": ""}
    texts = {**entry, "moves": json.dumps(MOVED), "by": json.dumps(by)}
    fit = governed()
    fit["history"] = xr.Dataset(
        {name: ("entry", np.array([text], dtype=object)) for name, text in texts.items()}
        | {name: ("entry", [1]) for name in ("rows", "gone")}
    )
    return fit


def test_bars_add_up_to_the_change_and_the_largest_stands_first() -> None:
    fit = updated({"ann": ANN, "ben": BEN})
    catastrophe, power = moves(fit, compare(fit)).axes
    assert [label.get_text().rstrip("†") for label in catastrophe.get_yticklabels()] == [
        "Licensing with mandatory testing by a national body, by 2050",
        "Status quo: what forecasters expect unconditionally, by 2050",
    ]
    widths = np.array([[bar.get_width() for bar in container] for container in catastrophe.containers])
    assert widths.sum(axis=0) == pytest.approx([-3, 1])
    assert widths[0] == pytest.approx([-1.5, 0.5])
    assert [text.get_text() for text in power.get_legend().get_texts()] == ["ann", "ben", NOBODY]


def test_bars_of_one_sign_stand_beside_each_other() -> None:
    fit = updated({"ann": ANN, "ben": ANN})
    bars = moves(fit, compare(fit)).axes[1].containers
    assert bars[1][0].get_x() == pytest.approx(bars[0][0].get_width())
    assert len(bars) == 2  # nothing is left that is nobody's alone


def test_results_that_lean_on_illustrative_numbers_are_marked() -> None:
    fit = updated({"ann": MOVED})
    labels = [label.get_text() for ax in moves(fit, compare(fit)).axes for label in ax.get_yticklabels()]
    assert [label.endswith("†") for label in labels] == [True, False, True]


def test_only_a_fit_that_was_updated_has_the_figure() -> None:
    with styled():
        assert "moves" in drawn(updated({"ann": MOVED}), compare(governed()))
        assert "moves" not in drawn(governed(), compare(governed()))
