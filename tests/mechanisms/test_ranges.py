import math

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr
from pytensor.xtensor.type import as_xtensor, xtensor

from blackball.errors import ModelError
from blackball.mechanisms import evaluate
from blackball.mechanisms.ranges import Range, at_least, positive, probability, ranges_of, within


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
