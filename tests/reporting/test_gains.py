"""The figure of a cross-validation: every method that some score compares."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from blackball.pools.paired import paired
from blackball.reporting.gains import gains


def scored(**methods: dict[str, list[float]]) -> pd.DataFrame:
    """One prediction a study: for each method its scores, by name."""
    return pd.DataFrame(
        [
            {"panel": f"study{number}", "method": method, name: value}
            for method, scores in methods.items()
            for name, values in scores.items()
            for number, value in enumerate(values)
        ]
    )


def drawn(scores: pd.DataFrame, *names: str) -> tuple[list[str], list[str]]:
    """Return the methods and the scores that the figure shows."""
    compared = {name: paired(scores, name, "equal") for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = gains(scores, compared, "equal")
    axes = figure.axes
    return [label.get_text() for label in axes[0].get_yticklabels()], [ax.get_title(loc="left") for ax in axes]


def test_methods_of_either_kind_are_shown() -> None:
    both = {"log_score": [0.5, 0.6], "brier": [0.2, 0.1]}
    scores = scored(equal=both, mixture={"log_score": [0.9, 0.7], "brier": [0.1, 0.1]}, odds={"brier": [0.3, np.nan]})
    methods, titles = drawn(scores, "log_score", "brier")
    assert methods == ["mixture", "odds"]
    assert len(titles) == 2


def test_a_score_that_only_the_reference_has_is_left_out() -> None:
    scores = scored(equal={"log_score": [0.5], "brier": [0.2]}, odds={"brier": [0.3]})
    methods, titles = drawn(scores, "log_score", "brier")
    assert methods == ["odds"]
    assert [title.startswith("Brier") for title in titles] == [True]


def test_methods_that_do_not_differ_are_drawn_all_the_same() -> None:
    scores = scored(equal={"crps": [0.2, 0.3]}, twin={"crps": [0.2, 0.3]})
    assert drawn(scores, "crps")[0] == ["twin"]
