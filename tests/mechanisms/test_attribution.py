import itertools
import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from blackball.errors import ModelError
from blackball.mechanisms import composition, evaluate, theft, urn
from blackball.mechanisms.attribution import by_removal, shapley, switch

THREE = ("urn", "theft", "rash")
outcomes = arrays(float, (2, 2, 2), elements=st.floats(-1, 1)).map(lambda values: xr.DataArray(values, dims=THREE))


def over_orders(value, mechanisms):
    """What each mechanism adds when it is switched on, the mean over every order of switching."""
    added = dict.fromkeys(mechanisms, 0.0)
    for order in itertools.permutations(mechanisms):
        on = dict.fromkeys(mechanisms, 0)
        for mechanism in order:
            before = float(value.isel(on))
            on[mechanism] = 1
            added[mechanism] += (float(value.isel(on)) - before) / math.factorial(len(mechanisms))
    return list(added.values())


def either(a, b):
    on = xr.DataArray([False, True], dims="x", coords={"x": [False, True]})
    return 1 - (1 - a * on) * (1 - b * on.rename(x="y"))


def test_two_routes_by_hand():
    value = either(0.5, 0.2)  # .6 in all
    # Removing leaves the other route; each order gives the route itself first, or (1 - other) of it after the other.
    np.testing.assert_allclose(by_removal(value, ["x", "y"]), [0.6 - 0.2, 0.6 - 0.5], rtol=1e-15)
    np.testing.assert_allclose(shapley(value, ["x", "y"]), [0.5 * (1 - 0.2 / 2), 0.2 * (1 - 0.5 / 2)], rtol=1e-15)


def test_removal_finds_no_fault_with_two_sure_routes_and_shapley_shares_it():
    value = either(1.0, 1.0)
    assert by_removal(value, ["x", "y"]).to_numpy().tolist() == [0.0, 0.0]
    assert shapley(value, ["x", "y"]).to_numpy().tolist() == [0.5, 0.5]


@given(outcomes)
def test_is_the_mean_over_all_orders(value):
    np.testing.assert_allclose(shapley(value, THREE), over_orders(value, THREE), atol=1e-14)


@given(outcomes)
def test_efficiency_all_shares_add_up(value):
    whole = float(value[1, 1, 1] - value[0, 0, 0])
    assert float(shapley(value, THREE).sum("mechanism")) == pytest.approx(whole, abs=1e-14)


@given(outcomes)
def test_symmetry_of_interchangeable_mechanisms(value):
    alike = value + value.rename(urn="theft", theft="urn")
    shares = shapley(alike, THREE)
    assert float(shares[0]) == pytest.approx(float(shares[1]), abs=1e-14)
    # Names are only names: in another order of dims each mechanism keeps its share.
    turned = shapley(alike.transpose("rash", "urn", "theft"), THREE[::-1]).sel(mechanism=list(THREE))
    np.testing.assert_allclose(turned, shares, atol=1e-14)


@given(arrays(float, (2, 2), elements=st.floats(-1, 1)), st.floats(-1, 1))
def test_a_dummy_adds_only_what_it_is_alone(others, alone):
    value = xr.DataArray(others, dims=THREE[:2]) + alone * switch("rash")
    for attribute in (shapley, by_removal):
        added = attribute(value, THREE)
        np.testing.assert_allclose(added.sel(mechanism="rash"), alone, atol=1e-14)
        np.testing.assert_allclose(added[:2], attribute(value.isel(rash=0), THREE[:2]), atol=1e-14)


@given(outcomes, outcomes, st.floats(-2, 2))
def test_linearity(first, second, times):
    for attribute in (shapley, by_removal):
        together = attribute(first + times * second, THREE)
        apart = attribute(first, THREE) + times * attribute(second, THREE)
        np.testing.assert_allclose(together, apart, atol=1e-13)


def test_one_mechanism_adds_the_whole():
    value = xr.DataArray([0.1, 0.4], dims="urn")
    for attribute in (shapley, by_removal):
        np.testing.assert_allclose(attribute(value, ["urn"]), [0.3])


def test_labels_say_what_is_off_and_on():
    value = either(0.5, 0.2)
    for attribute in (shapley, by_removal):
        expected = attribute(value, ["x", "y"])
        for other in (value[::-1], value.assign_coords(x=[0, 1]), value.drop_vars(["x", "y"])):
            np.testing.assert_array_equal(attribute(other, ["x", "y"]), expected)


def catastrophe(bad, draws, hazard, projects):
    inside = composition.inside(bad, 0.5, 0.4, draws, 0.2)
    return composition.any_of(inside, composition.theft_route(theft.any_breach(hazard, projects, 0.5), 0.3, 0.4, 1.0))


def test_mechanisms_of_a_composition_switched_off_and_on():
    regimes = {"regime": ["one", "many"]}
    projects = xr.DataArray([1.0, 4.0], dims="regime", coords=regimes)
    arguments = {
        "bad": 0.2 * switch("urn"),
        "draws": 2 * projects,
        "hazard": xr.DataArray([0.1, 0.7, 1.5], dims="sample") * switch("theft"),
        "projects": projects,
    }
    value = evaluate(catastrophe, arguments)
    assert set(value.dims) == {"urn", "theft", "regime", "sample"}
    shares, removed = shapley(value, ["urn", "theft"]), by_removal(value, ["urn", "theft"])
    assert shares["regime"].to_numpy().tolist() == ["one", "many"]
    assert set(shares.dims) == {"mechanism", "regime", "sample"}
    on = dict.fromkeys(("urn", "theft"), True)
    whole = value.sel(on, drop=True)
    xr.testing.assert_allclose(shares.sum("mechanism"), whole)  # with all off there is no catastrophe

    # The same two routes by hand.
    inside = evaluate(urn.any_bad, {"bad": 0.2 * 0.5 * 0.4, "draws": 2 * projects, "shared_fate": 0.2})
    stolen = value.sel(urn=False, theft=True, drop=True)
    xr.testing.assert_allclose(shares.sel(mechanism="urn", drop=True), inside * (1 - stolen / 2))
    xr.testing.assert_allclose(shares.sel(mechanism="theft", drop=True), stolen * (1 - inside / 2))
    xr.testing.assert_allclose(removed.sel(mechanism="theft", drop=True), stolen * (1 - inside))
    assert (removed < shares).all()


@pytest.mark.parametrize("attribute", [shapley, by_removal])
def test_what_cannot_be_attributed_is_refused(attribute):
    value = either(0.5, 0.2)
    refused = [
        (value, ["x", "z"], "value has no dim 'z'; it has: x, y"),
        (value, [], r"mechanisms is \[\]: name each dim"),
        (value, ["x", "x"], r"mechanisms is \['x', 'x'\]: name each dim that switches a mechanism, once"),
        (value.rename(y="mechanism"), ["x"], "value has a dim 'mechanism', the name of the dim of the result"),
        (value.isel(y=[1]), ["x", "y"], r"dim 'y' of value is labelled \[True\]: a mechanism is off and on"),
        (value.isel(y=[0, 1, 1]), ["x", "y"], r"dim 'y' of value is labelled \[False, True, True\]"),
        (value.assign_coords(y=["off", "on"]), ["x", "y"], r"dim 'y' of value is labelled \['off', 'on'\]"),
        (value.where(value > 0), ["x", "y"], "value is missing or infinite somewhere"),
    ]
    for array, mechanisms, message in refused:
        with pytest.raises(ModelError, match=message):
            attribute(array, mechanisms)
