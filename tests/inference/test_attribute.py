import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.errors import ModelError
from blackball.inference.attribute import attribute
from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.mechanisms import composition
from blackball.modelling import outcome, probability, quantities

PRIORS = {name: probability((0.1, 0.4), source="a test") for name in ("own", "stolen", "rash")}
REMOVED = {"draws": {"own": 0.0}, "theft": {"stolen": 0.0}, "rashness": {"rash": 0.0}}


@pytest.fixture(scope="module")
def model() -> pm.Model:
    with pm.Model() as model:
        q = quantities(PRIORS)
        outcome("catastrophe", composition.any_of(q["own"], q["stolen"], q["rash"]), headline=True)
        outcome("aside", q["own"] / 2)
    return model


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 600, 2)


def test_removal_is_the_whole_less_the_rest(model, draws):
    found = attribute(model, draws, REMOVED)["catastrophe"].sel(measure="removal", mechanism="theft")
    known = derived(model, draws)
    others = (1 - known["own"]) * (1 - known["rash"])
    np.testing.assert_allclose(found, (known["stolen"] * others).values, rtol=1e-12)


def test_shapley_values_add_up_to_the_whole(model, draws):
    found = attribute(model, draws, REMOVED)
    assert list(found) == ["catastrophe"]
    assert found["mechanism"].values.tolist() == list(REMOVED)
    whole = derived(model, draws)["catastrophe"]
    total = found["catastrophe"].sel(measure="shapley").sum("mechanism")
    np.testing.assert_allclose(total, whole, rtol=1e-12)
    assert (found["catastrophe"].sel(measure="removal").sum("mechanism") < total).all()


def test_one_mechanism_adds_all_it_is(model, draws):
    found = attribute(model, draws, {"everything": {"own": 0.0, "stolen": 0.0, "rash": 0.0}})["catastrophe"]
    np.testing.assert_allclose(found.sel(measure="removal"), found.sel(measure="shapley"))
    np.testing.assert_allclose(
        found.sel(measure="shapley", mechanism="everything"), derived(model, draws)["catastrophe"]
    )


def test_long_posteriors_are_thinned(model):
    found = attribute(model, prior_draws(model, 1600, 2), REMOVED)
    assert found.sizes["draw"] == 534


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        ({}, "0 mechanisms to attribute to: name from 1 to 8"),
        ({f"m{i}": {"own": 0.0} for i in range(9)}, "9 mechanisms"),
        ({"catastrophe": {"own": 0.0}}, "catastrophe: is the name of a dim or variable"),
        ({"theft": {}}, "theft: nothing is said that removes it"),
        ({"a": {"own": 0.0}, "b": {"own": 1.0}}, "own: is set by two mechanisms"),
        ({"a": {"onw": 0.0}}, "'onw' is no variable of the model"),
    ],
)
def test_what_cannot_be_removed_is_refused(model, draws, removed, message):
    with pytest.raises(ModelError, match=message):
        attribute(model, draws, removed)
