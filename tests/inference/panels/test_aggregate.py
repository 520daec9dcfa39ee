"""What a panel says of each question, by every method."""

from __future__ import annotations

import numpy as np
import pytest

from blackball.errors import InputError
from blackball.inference import Settings
from blackball.inference.panels import aggregate
from blackball.panel import Panel
from tests.conftest import MakePanel, quantiles

SHORT = Settings(draws=500, tune=300, chains=2)
ASKED = [
    {"question": "rate", "support": "probability"},
    {"question": "count", "support": "positive"},
    {"question": "drift", "support": "real"},
]


@pytest.fixture
def panel(make_panel: MakePanel) -> Panel:
    rows = [
        *quantiles("a", "rate", (0.02, 0.1, 0.3)),
        *quantiles("b", "rate", (0.2, 0.4, 0.7)),
        *quantiles("a", "count", (2, 5, 20)),
        *quantiles("b", "count", (10, 30, 100)),
        *quantiles("a", "drift", (-3, -1, 1)),
        *quantiles("b", "drift", (-1, 1, 3)),
    ]
    return make_panel(rows, ASKED, ["a", "b"])


@pytest.mark.parametrize("by", ["mixture", "consensus", "equal", "median", "quantile-mean", "trimmed"])
def test_quantiles_increase_and_lie_in_their_support(panel: Panel, by: str) -> None:
    found = aggregate(panel, by, SHORT)
    assert found["question"].values.tolist() == ["rate", "count", "drift"]
    assert (found["quantile"].diff("level").dropna("level", how="all") > 0).all()
    stated = found["quantile"].sel(level=slice(0.05, 0.95))
    assert ((stated.sel(question="rate") > 0) & (stated.sel(question="rate") < 1)).all()
    assert (stated.sel(question="count") > 0).all()
    middle = float(found["quantile"].sel(question="drift", level=0.5))
    assert abs(middle) < 0.5  # two answers that mirror each other


def test_equal_weights_are_the_mean_of_the_experts_distributions(panel: Panel) -> None:
    found = aggregate(panel, "equal")
    low, high = np.log(2), np.log(100)
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    levels = [0, 0.05, 0.5, 0.95, 1]
    kept = found["quantile"].sel(question="count", level=slice(0.05, 0.95))
    at = np.log(kept.values)
    reached = [np.interp(at, [low, *np.log(stated), high], levels) for stated in ((2, 5, 20), (10, 30, 100))]
    assert np.mean(reached, axis=0) == pytest.approx(kept["level"].values)


def test_the_chance_of_an_event_is_the_mean_of_its_probability(panel: Panel) -> None:
    found = aggregate(panel, "mixture", SHORT)
    row = found.sel(question="rate")
    rough = np.trapezoid(row["quantile"].values, row["level"].values) / 0.98
    assert float(row["probability"]) == pytest.approx(rough, abs=0.03)
    assert np.isnan(found["probability"].sel(question="count"))


def test_a_pool_of_events_gives_chances_alone(panel: Panel) -> None:
    found = aggregate(panel, "geometric-odds")
    odds = np.sqrt(0.1 / 0.9 * 0.4 / 0.6)
    assert float(found["probability"].sel(question="rate")) == pytest.approx(odds / (1 + odds))
    assert found["quantile"].isnull().all()


def test_seeds_inform_and_are_not_aggregated(make_panel: MakePanel) -> None:
    seeds = [{"question": f"s{i}", "support": "real", "realisation": 0.1} for i in range(5)]
    rows = [row for s in seeds for row in quantiles("right", s["question"], (-1, 0, 1))]
    rows += [row for s in seeds for row in quantiles("wrong", s["question"], (8, 9, 10))]
    rows += [*quantiles("right", "x", (1, 2, 3)), *quantiles("wrong", "x", (11, 12, 13))]
    found = aggregate(make_panel(rows, [*seeds, {"question": "x", "support": "real"}], ["right", "wrong"]), "mixture")
    assert found["question"].values.tolist() == ["x"]
    assert float(found["weight"].sel(expert="right", statistic="mean")) > 0.7
    assert float(found["quantile"].sel(question="x", level=0.5)) < 4


def test_bare_points_are_refused_by_pools_of_distributions_alone(make_panel: MakePanel) -> None:
    rows = [{"expert": e, "question": "rate", "form": "point", "value": v} for e, v in (("a", 0.1), ("b", 0.3))]
    panel = make_panel(rows, ASKED[:1], ["a", "b"])
    with pytest.raises(InputError, match="made, rate: a: a bare point has no distribution of its own"):
        aggregate(panel, "quantile-mean")
    assert aggregate(panel, "mixture", SHORT)["quantile"].notnull().all()


@pytest.mark.parametrize("by", ["equal", "median", "trimmed"])
def test_pools_of_both_kinds_pool_points_of_events(make_panel: MakePanel, by: str) -> None:
    said = {"a": 0.1, "b": 0.2, "c": 0.3}
    rows = [{"expert": e, "question": "rate", "form": "point", "value": v} for e, v in said.items()]
    rows += [*quantiles("a", "drift", (-3, -1, 1)), *quantiles("b", "drift", (-1, 1, 3))]
    found = aggregate(make_panel(rows, [ASKED[0], ASKED[2]], ["a", "b", "c"]), by)
    assert float(found["probability"].sel(question="rate")) == pytest.approx(0.2)
    assert found["quantile"].sel(question="rate").isnull().all()
    assert found["quantile"].sel(question="drift", level=0.5).item() == pytest.approx(0)


def test_what_a_pool_says_of_a_positive_quantity_is_positive(make_panel: MakePanel) -> None:
    rows = [*quantiles("a", "count", (0.1, 1, 10)), *quantiles("b", "count", (0.2, 1, 12))]
    asked = [{**ASKED[1], "scale": "uniform"}]
    found = aggregate(make_panel(rows, asked, ["a", "b"]), "equal")["quantile"].sel(question="count")
    assert 0 < float(found.sel(level=0.05)) < 0.2
    assert found.sel(level=[0.01, 0.99]).isnull().all()  # the panel says nothing beyond its outermost levels


def test_a_pool_of_distributions_gives_a_probability_its_mean(panel: Panel) -> None:
    found = aggregate(panel, "quantile-mean")
    row = found.sel(question="rate")
    rough = np.trapezoid(row["quantile"].dropna("level").values, (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)) / 0.9
    assert float(row["probability"]) == pytest.approx(rough, abs=0.02)
    assert np.isnan(found["probability"].sel(question="count"))


@pytest.mark.parametrize("by", ["mixture", "consensus"])
def test_events_that_came_true_make_the_panel_more_extreme(make_panel: MakePanel, by: str) -> None:
    """As in `score`, and for events that are not known yet too."""
    events = [{"question": f"e{i}", "support": "probability", "realisation": i % 2} for i in range(24)]
    asked = [*events, {"question": "next", "support": "probability"}]
    rows = [
        {"expert": e, "question": q["question"], "form": "point", "value": 0.65 if q.get("realisation", 1) else 0.35}
        for q in asked
        for e in ("a", "b", "c")
    ]
    found = aggregate(make_panel(rows, asked, ["a", "b", "c"]), by, SHORT)
    assert found["question"].values.tolist() == ["next"]
    assert float(found["probability"].squeeze()) > 0.8
    assert abs(float(found["quantile"].sel(level=0.5).squeeze()) - 0.65) < 0.1


def test_what_needs_seeds_says_so(panel: Panel) -> None:
    with pytest.raises(InputError, match="made: no seed question is left to learn performance weights from"):
        aggregate(panel, "performance")
    with pytest.raises(InputError, match="unknown method; did you mean 'mixture'"):
        aggregate(panel, "mixtur")
