import numpy as np
import pytest
import xarray as xr

from blackball.errors import ModelError
from blackball.mechanisms import contest, evaluate, urn
from blackball.mechanisms.labelled import labelled

REGIMES = {"regime": ["race", "one"]}


def test_coordinates_come_from_the_arguments():
    bad = xr.DataArray([0.1, 0.2], dims="regime", coords=REGIMES)
    draws = xr.DataArray([1.0, 2.0, 3.0], dims="draw", coords={"draw": [10, 20, 30]})
    result = evaluate(urn.any_bad_independent, {"bad": bad, "draws": draws})
    assert result.sel(regime="one", draw=20).item() == pytest.approx(0.36)
    assert result.dims == ("draw", "regime") or result.dims == ("regime", "draw")


def test_plain_numbers_give_a_plain_number():
    result = evaluate(urn.any_bad, {"bad": np.float32(0.5), "draws": 2, "shared_fate": np.array(0.0)})
    assert result.shape == ()
    assert result.dtype == np.float64
    assert result.item() == pytest.approx(0.75, rel=1e-14)


def test_a_mechanism_is_built_once_for_all_sizes():
    built = []

    def counted(bad, draws):
        built.append(1)
        return urn.any_bad(bad, draws)

    for size in (2, 3, 5):
        evaluate(counted, {"bad": xr.DataArray(np.full(size, 0.1), dims="draw"), "draws": 2.0})
    assert len(built) == 1


def test_arrays_that_disagree_are_refused():
    bad = xr.DataArray([0.1, 0.2], dims="regime", coords=REGIMES)
    draws = xr.DataArray([1.0, 2.0], dims="regime", coords={"regime": ["one", "race"]})
    with pytest.raises(ModelError, match="coordinates of a dim"):
        evaluate(urn.any_bad_independent, {"bad": bad, "draws": draws})


def test_arrays_without_names_are_refused():
    with pytest.raises(ModelError, match="argument bad is an array of shape"):
        evaluate(urn.any_bad_independent, {"bad": np.array([0.1, 0.2]), "draws": 1.0})
    with pytest.raises(TypeError):
        labelled(np.array([0.1, 0.2]))


def test_numbers_are_doubles_in_the_graph():
    assert labelled(0.1).type.dtype == "float64"
    assert contest.win(1, 2, 0, 1).type.dtype == "float64"
    assert labelled(xr.DataArray([1, 2], dims="n")).type.dtype == "float64"
