import sys

import numpy as np
import pytensor.xtensor as px
import pytest
import xarray as xr
from pytensor.xtensor.type import xtensor

from blackball.errors import ModelError
from blackball.mechanisms import composition, contest, evaluate, urn
from blackball.mechanisms.labelled import labelled
from blackball.mechanisms.separable import separable_dims, widest

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


def come_through(bad, draws, shared_fate):
    return composition.survival_curve(urn.any_bad(bad, draws, shared_fate))


def some_arguments():
    rng = np.random.default_rng(4)
    return {
        "bad": xr.DataArray(rng.random((5, 301)), dims=("year", "sample"), coords={"sample": np.arange(301) * 2}),
        "draws": xr.DataArray(rng.random((3, 301)) * 9, dims=("regime", "sample")),
        "shared_fate": 0.3,
    }


def shared_out(bad, draws, shared_fate):
    return bad * draws / draws.sum("sample") * shared_fate


@pytest.mark.parametrize("mechanism", [come_through, shared_out])
@pytest.mark.parametrize("elements", [1, 100, 7000])
def test_pieces_put_together_are_the_whole(mechanism, elements, monkeypatch):
    module = sys.modules["blackball.mechanisms.evaluate"]
    whole = evaluate(mechanism, some_arguments())
    monkeypatch.setattr(module, "ELEMENTS", elements)
    cut = evaluate(mechanism, some_arguments())
    xr.testing.assert_allclose(cut, whole, rtol=1e-12, atol=0)
    assert cut.dims == whole.dims
    assert cut["sample"].identical(whole["sample"])


def test_a_number_out_of_range_in_a_later_piece_is_refused(monkeypatch):
    monkeypatch.setattr(sys.modules["blackball.mechanisms.evaluate"], "ELEMENTS", 10)
    arguments = some_arguments()
    arguments["bad"][4, 300] = 1.5
    with pytest.raises(ModelError, match=r"bad is 1.5: it must lie in \[0, 1\]"):
        evaluate(come_through, arguments)


def measured_under_another_name(x, y):
    return x * y.rename(a="b").sizes["b"]


def measured_after_a_sum(x, y):
    return x * (y * x).rename(a="c").sum("b").sizes["c"]


@pytest.mark.parametrize("mechanism", [measured_under_another_name, measured_after_a_sum])
def test_a_length_read_from_something_computed_is_of_the_whole(mechanism, monkeypatch):
    monkeypatch.setattr(sys.modules["blackball.mechanisms.evaluate"], "ELEMENTS", 64)
    x, y = xr.DataArray(np.ones((300, 4)), dims=("a", "b")), xr.DataArray(np.ones(300), dims="a")
    np.testing.assert_array_equal(evaluate(mechanism, {"x": x, "y": y}), np.full((300, 4), 300.0))


def test_an_argument_that_is_not_used_changes_nothing():
    def first(bad, draws):
        return bad

    bad = xr.DataArray([0.1, 0.2], dims="regime", coords=REGIMES)
    other = xr.DataArray([1.0, 2.0, 3.0], dims="draw")
    assert evaluate(first, {"bad": bad, "draws": other}).identical(bad)


KNOWN = labelled(xr.DataArray([1.0, 2.0], dims="a"))
X = xtensor("x", dims=("a", "b", "c"), dtype="float64")
NOT_ALONG_A = {
    "sum": X * X.sum("a"),
    "product": X * X.prod("a"),
    "largest": X / X.max("a"),
    "mean": X - X.mean("a"),
    "length": X * X.sizes["a"],
    "length under another name": X * X.rename(a="d").sizes["d"],
    "length of something computed": X * (X * KNOWN).sum("b").sizes["a"],
    "length of something joined": X * px.concat([X, X], dim="b").sizes["a"],
    "first": X - X.isel(a=0),
    "reversed": X.isel(a=slice(None, None, -1)),
    "joined": px.concat([X, X], dim="a"),
    "renamed": X * X.rename(a="d").sum("d"),
    "swapped": X.rename(a="d", b="a"),
    "known numbers": X * KNOWN,
    "cumulated": X.cumsum("a"),
    "picked": X.isel(b=labelled(xr.DataArray([0, 1], dims="a")).astype("int64")),
}


@pytest.mark.parametrize("name", NOT_ALONG_A)
def test_work_is_not_cut_along_a_dim_that_places_share(name):
    assert "a" not in separable_dims(NOT_ALONG_A[name], [X])


def test_work_is_cut_along_dims_that_are_kept_apart():
    y = xtensor("y", dims=("b", "d"), dtype="float64")
    result = (X * y).sum("c") + px.math.where(X.isel(c=0) > 0, y.mean("d"), 1.0).transpose("b", "a")
    assert set(separable_dims(result, [X, y])) == {"a", "b"}
    # Reading the length of one dim leaves the others apart.
    assert set(separable_dims(X * (2 * X.rename(c="d")).sum("b").sizes["d"], [X])) == {"a", "b"}
    assert separable_dims(px.concat([X, X.isel(b=slice(0, 1))], dim="b"), [X]) == ("a", "c")


def test_the_largest_array_counts_renamed_dims_and_known_lengths():
    result = (X.sum(("b", "c")) * X.rename(a="again") * labelled(xr.DataArray(np.ones(7), dims="k"))).sum()
    assert widest(result, {"a": 10, "b": 3, "c": 2}) == 10 * 10 * 3 * 2 * 7
