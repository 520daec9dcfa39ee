import numpy as np
import pytest
import xarray as xr

from blackball.decisions import compare
from blackball.decisions.break_even import break_even, break_even_weights
from blackball.decisions.headlines import headlines

from ..synthetic import draws_of, governed, ungoverned

REGIMES = ["many", "one"]
VALUES = np.linspace(-2.0, 2.0, 9)


def swept(one, many=0.3, values=VALUES):
    """A fit whose only crux moves the outcome of the second regime along `one`."""
    fit = governed()
    rng = np.random.default_rng(3)
    draws = draws_of(rng.uniform(0.1, 0.2, size=(1000, 2)), ("regime",), regime=REGIMES)
    crux = draws_of(rng.uniform(-2, 2, size=1000)).assign_attrs(kind="quantity", unit="log odds")
    fit["posterior"] = xr.Dataset({"catastrophe": draws.assign_attrs(kind="outcome", headline=1), "omega": crux})
    outcome = np.stack([np.broadcast_to(many, values.shape), one], axis=-1)
    fit["cruxes"] = xr.Dataset(
        {"value": (("crux", "step"), values[None]), "catastrophe": (("crux", "step", "regime"), outcome[None])},
        coords={"crux": ["omega"], "regime": REGIMES},
    )
    return break_even(fit, headlines(fit))


def test_the_crossing_is_found_with_its_safer_side():
    (row,) = swept(0.3 + 0.1 * (VALUES - 0.7)).to_dict("records")
    assert row["value"] == pytest.approx(0.7, abs=1e-6)
    assert (row["regime"], row["crux"], row["unit"], row["safer"]) == ("one", "omega", "log odds", "below")
    assert (row["low"], row["high"]) == (-2, 2)
    assert row["ratio_low"] == pytest.approx((0.3 - 0.27) / 0.3)
    assert row["p_safer"] == pytest.approx(2.7 / 4, abs=4 * np.sqrt(0.25 / 1000))


def test_the_other_side_is_safer_where_the_curve_falls():
    (row,) = swept(0.3 - 0.1 * (VALUES - 0.7)).to_dict("records")
    assert row["safer"] == "above"
    assert row["p_safer"] == pytest.approx(1.3 / 4, abs=4 * np.sqrt(0.25 / 1000))


def test_every_crossing_has_its_row():
    rows = swept(0.3 + 0.05 * (VALUES**2 - 1))
    assert rows["value"].tolist() == pytest.approx([-1, 1], abs=0.05)
    assert rows["safer"].tolist() == ["above", "below"]


@pytest.mark.parametrize(("gap", "safer"), [(-0.1, "everywhere"), (0.1, "nowhere"), (0.0, "same")])
def test_without_a_crossing_one_is_safer_throughout(gap, safer):
    (row,) = swept(np.full(9, 0.3 + gap)).to_dict("records")
    assert np.isnan(row["value"])
    assert row["safer"] == safer


@pytest.mark.parametrize(
    ("gap", "value", "safer"),
    [
        ([-0.2, -0.1, 0, 0, 0, 0.1, 0.2, 0.2, 0.2], 0.0, "below"),
        ([-0.2, -0.2, -0.1, -0.1, -0.1, -0.1, 0, 0, 0], np.nan, "everywhere"),
        (-0.1 * (VALUES - 0.5) ** 2, np.nan, "everywhere"),
        ([0, 0, 0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], np.nan, "nowhere"),
    ],
)
def test_where_both_are_equal_for_a_while_neither_passes_the_other(gap, value, safer):
    (row,) = swept(0.3 + np.asarray(gap)).to_dict("records")
    assert row["safer"] == safer
    assert row["value"] == pytest.approx(value, abs=1.01, nan_ok=True)


def test_a_reference_without_risk_has_no_ratio():
    (row,) = swept(np.maximum(VALUES, 0.0), many=0.0).to_dict("records")
    assert np.isnan(row["ratio_low"])
    assert np.isnan(row["ratio_high"])
    assert row["safer"] == "nowhere"


def test_no_cruxes_or_no_regimes_give_no_rows():
    for fit in (governed(), ungoverned()):
        assert len(break_even(fit, headlines(fit))) == 0
    assert len(break_even_weights(headlines(ungoverned()))) == 0


def two(catastrophe, power):
    cells = [np.broadcast_to(values, (8, 2)) for values in (catastrophe, power)]
    names = ("catastrophe", "power")
    return {
        name: draws_of(cell, ("regime",), regime=REGIMES).rename(name) for name, cell in zip(names, cells, strict=True)
    }


@pytest.mark.parametrize(
    ("catastrophe", "power", "weight", "better"),
    [
        ([0.30, 0.20], [0.10, 0.30], 0.5, "below"),
        ([0.20, 0.30], [0.30, 0.10], 0.5, "above"),
        ([0.30, 0.20], [0.30, 0.10], np.nan, "everywhere"),
        ([0.20, 0.30], [0.10, 0.30], np.nan, "nowhere"),
    ],
)
def test_the_weight_at_which_a_gain_is_outweighed(catastrophe, power, weight, better):
    outcomes = two(catastrophe, power)
    (row,) = break_even_weights(outcomes).to_dict("records")
    assert row["weight"] == pytest.approx(weight, nan_ok=True)
    assert row["better"] == better
    if better == "below":
        sums = outcomes["catastrophe"] + row["weight"] * outcomes["power"]
        assert float(sums.sel(regime="one").mean()) == pytest.approx(float(sums.sel(regime="many").mean()))


def test_a_comparison_carries_both():
    comparison = compare(governed())
    assert len(comparison.break_even) == 0
    assert len(comparison.break_even_weights) == 5
