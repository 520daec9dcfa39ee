"""A tornado moves one quantity alone, by label and by regime, and what is computed from it."""

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.inference import tornado, what_if
from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import DRAWS, thinned
from blackball.mechanisms import theft
from blackball.modelling import given, outcome, positive, probability, quantities
from tests.inference.two_regimes import two_regimes

REGIMES = two_regimes("times = 2, competence = -0.5")
ROUTES = {"direct": (0.1, 0.6), "indirect": (0.2, 0.9)}


@pytest.fixture(scope="module")
def model() -> pm.Model:
    """Theft in two regimes, then a catastrophe by either of two routes; `idle` bears on nothing."""
    with pm.Model(coords={"regime": REGIMES.names}) as model:
        q = quantities(
            {
                "hazard": positive((0.1, 0.4), unit="per year", source="a test", varies=True),
                "dilution": probability((0.1, 0.9), source="a test"),
                "works": probability(ROUTES, dim="route", source="a test"),
                "idle": probability((0.1, 0.9), source="a test"),
            },
            REGIMES,
        )
        stolen = outcome("stolen", theft.any_breach(q["hazard"], given("projects", REGIMES), q["dilution"]))
        outcome("catastrophe", stolen * (1 - (1 - q["works"]).prod("route")), headline=True)
    return model


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    free = prior_draws(model, 4 * DRAWS, 5)
    return free.merge(derived(model, free))


@pytest.fixture(scope="module")
def found(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return tornado(model, draws)


def of(found: xr.Dataset, quantity: str, label: str = "") -> xr.Dataset:
    return found.isel(moved=(found["quantity"] == quantity).values & (found["label"] == label).values).squeeze("moved")


def test_every_quantity_is_moved_label_by_label(found):
    named = list(zip(found["quantity"].values, found["label"].values, strict=True))
    assert named == [
        ("hazard", ""),
        ("dilution", ""),
        ("works", "route=direct"),
        ("works", "route=indirect"),
        ("idle", ""),
        ("government_competence", ""),
    ]


def test_a_quantity_is_moved_to_its_quantiles_with_all_else_as_it_was(model, draws, found):
    one = of(found, "dilution")
    for end, level in (("low", 0.05), ("high", 0.95)):
        value = float(draws["dilution"].quantile(level))
        assert one["value"].sel(end=end).values == pytest.approx([value, value])
        known = what_if(model, thinned(draws), {"dilution": value})["catastrophe"].mean(("chain", "draw"))
        np.testing.assert_allclose(one["catastrophe"].sel(end=end), known, rtol=1e-10)
    few = thinned(draws)["catastrophe"].mean(("chain", "draw"))
    np.testing.assert_allclose(one["catastrophe"].sel(end="base"), few, rtol=1e-10)
    assert one["value"].sel(end="base").values == pytest.approx([float(draws["dilution"].mean())] * 2)


def test_a_quantity_that_varies_is_moved_in_each_regime(draws, found):
    one = of(found, "hazard").sel(end="high", regime="one")
    few = thinned(draws)
    hazard = float(draws["hazard"].sel(regime="one").quantile(0.95))
    works = 1 - (1 - few["works"]).prod("route")
    assert float(one["value"]) == pytest.approx(hazard)
    assert float(one["catastrophe"]) == pytest.approx(float((-np.expm1(-hazard) * works).mean()))


def test_one_label_moves_and_the_other_stays(draws, found):
    one = of(found, "works", "route=direct").sel(end="low")
    few = thinned(draws)
    low = float(draws["works"].sel(route="direct").quantile(0.05))
    known = few["stolen"] * (1 - (1 - low) * (1 - few["works"].sel(route="indirect")))
    np.testing.assert_allclose(one["catastrophe"], known.mean(("chain", "draw")), rtol=1e-10)


def test_a_model_of_one_quantity_without_regimes_is_moved_too():
    with pm.Model() as small:
        outcome("half", quantities({"a": probability((0.1, 0.4), source="a test")})["a"] / 2, headline=True)
    free = prior_draws(small, 100, 1)
    draws = free.merge(derived(small, free))
    found = tornado(small, draws)
    assert (found["quantity"].values.tolist(), found["label"].values.tolist()) == (["a"], [""])
    np.testing.assert_allclose(found["half"].sel(end="low"), found["value"].sel(end="low") / 2)


def test_what_others_are_computed_from_moves_them(found):
    """Competence lowers the hazard of the one regime that says so, and moves nothing in the other."""
    one = of(found, "government_competence")["catastrophe"]
    assert float(one.sel(end="high", regime="one")) < 0.8 * float(one.sel(end="low", regime="one"))
    assert np.ptp(one.sel(regime="many").values) == 0


def test_what_bears_on_nothing_moves_nothing(found):
    """Negative control: the swing of an idle quantity is exactly nothing, those of the others are not."""
    widths = found["catastrophe"].max("end") - found["catastrophe"].min("end")
    assert float(of(widths.to_dataset(), "idle")["catastrophe"].max()) == 0
    others = (found["quantity"] != "idle").values
    assert float(widths.isel(moved=others).max("regime").min()) > 0.01
