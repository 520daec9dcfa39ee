import pytest
import xarray as xr
from pytensor.xtensor.type import xtensor

from blackball.errors import ModelError
from blackball.mechanisms.shared_dims import agree, has

RACE_ONE = xr.DataArray([0.1, 0.2], dims="regime", coords={"regime": ["race", "one"]})


def test_arrays_that_disagree_about_a_dim_are_refused_with_its_name():
    longer = xr.DataArray([0.1, 0.2, 0.3], dims="regime")
    with pytest.raises(ModelError, match="bad and win cannot be combined: dim 'regime' has length 2 in one and 3"):
        agree({"bad": RACE_ONE, "other": 0.5, "win": longer})
    turned = RACE_ONE[::-1]
    with pytest.raises(ModelError, match=r"dim 'regime' is labelled \['race', 'one'\] in one and \['one', 'race'\]"):
        agree({"bad": RACE_ONE, "win": turned})


def test_what_agrees_or_is_not_known_passes():
    unlabelled, elsewhere = xr.DataArray([0.3, 0.4], dims="regime"), xr.DataArray([1.0] * 5, dims="year")
    values = {"a": RACE_ONE, "b": unlabelled, "c": elsewhere, "d": xtensor("d", dims=("regime",)), "e": 1.0, "f": None}
    assert agree(values) is None


def test_a_dim_that_is_not_there_is_named():
    tensor = xtensor("hazard", dims=("regime", "month"))
    assert has("month", "hazard", tensor) is tensor
    with pytest.raises(ModelError, match="hazard has no dim 'year'; it has: regime, month"):
        has("year", "hazard", tensor)
    with pytest.raises(ModelError, match="hazard has no dim 'year'; it has: none"):
        has("year", "hazard", xtensor("hazard", dims=()))
