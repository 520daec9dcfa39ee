import math

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr
from pytensor.xtensor.type import as_xtensor, xtensor

from blackball.errors import ModelError
from blackball.mechanisms import evaluate
from blackball.mechanisms.ranges import Range, at_least, finite, positive, probability, ranges_of, whole, within


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_number_outside_is_refused_with_its_name_value_and_range(value):
    with pytest.raises(ModelError, match=rf"aware is {value:g}: it must lie in \[0, 1\]"):
        probability("aware", value)


@pytest.mark.parametrize("value", [0, 0.3, 1.0, np.float64(1), np.int64(1)])
def test_ends_are_inside(value):
    assert float(probability("aware", value).eval()) == float(value)


def test_zero_is_not_positive():
    assert float(at_least(0.0, "draws", 0.0).eval()) == 0
    with pytest.raises(ModelError, match=r"tau is 0: it must be above 0"):
        positive("tau", 0.0)


def test_constants_arrays_and_data_of_a_model_are_known():
    bad = np.array([0.5, 1.5])
    known = [as_xtensor(bad, dims=("a",)), xr.DataArray(bad, dims="a")]
    with pm.Model(coords={"a": [1, 2]}):
        known.append(pmd.Data("d", bad, dims="a"))
        turned = -pmd.Data("e", -np.array([0.5, 1.0]), dims="a")
    for value in known:
        with pytest.raises(ModelError, match=r"p is 1\.5"):
            probability("p", value)
    assert probability("p", turned).type.dims == ("a",)


def test_an_input_remembers_its_range_and_evaluate_holds_it_to_it():
    x = xtensor("x", dims=("a",), dtype="float64")
    within(Range("p", 0.0, 1.0), x)
    assert ranges_of(x) == (Range("p", 0.0, 1.0),)

    def both(p, tau):
        return probability("p", p) * positive("tau", tau)

    assert float(evaluate(both, {"p": 0.5, "tau": 2.0})) == 1.0
    with pytest.raises(ModelError, match=r"p is 1.5: it must lie in \[0, 1\]"):
        evaluate(both, {"p": xr.DataArray([0.5, 1.5], dims="a"), "tau": 2.0})
    with pytest.raises(ModelError, match="tau is -1"):
        evaluate(both, {"p": 0.5, "tau": -1.0})


def test_infinity_is_legal_only_where_a_range_says_so():
    assert float(finite("omega", -3.0).eval()) == -3.0
    assert float(within(Range("gap", 0.0), math.inf).eval()) == math.inf
    for read, says in [
        (lambda value: finite("omega", value), "omega is {}: it must be finite"),
        (lambda value: positive("tau", value), "tau is {}: it must be above 0 and finite"),
        (lambda value: at_least(1.0, "n", value), "n is {}: it must be at least 1 and finite"),
    ]:
        for value in (math.inf, -math.inf, math.nan):
            with pytest.raises(ModelError, match=says.format(value)):
                read(value)


def test_an_input_that_must_be_finite_is_held_to_it():
    def same(omega):
        return finite("omega", omega)

    with pytest.raises(ModelError, match="omega is nan: it must be finite"):
        evaluate(same, {"omega": xr.DataArray([0.5, math.nan], dims="a")})


@pytest.mark.parametrize("value", [0, -2, 2.5, 2.0, True, np.bool_(True), "2"])
def test_what_counts_nothing_is_no_whole_number(value):
    assert whole("experts", np.int64(2)) == 2
    with pytest.raises(ModelError, match=f"experts is {value}: it must be a whole number of at least 1"):
        whole("experts", value)
