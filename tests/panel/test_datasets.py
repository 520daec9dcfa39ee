from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import fingerprint, from_datasets, to_datasets


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_panel_comes_back_from_netcdf(panels, data):
    panel = data.draw(panels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.nc"
        xr.DataTree.from_dict(to_datasets(panel)).to_netcdf(path, engine="netcdf4")
        with xr.open_datatree(path, engine="netcdf4") as tree:
            again = from_datasets({name: node.load().to_dataset() for name, node in tree.children.items()})
    assert again.name == panel.name
    for name in ("judgements", "experts", "questions"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(panel, name))


def test_only_text_floats_and_integers_are_stored(panel):
    stored = to_datasets(panel("ann,doom,,,,point,,.1,s\n"))
    kinds = {variable.dtype.kind for dataset in stored.values() for variable in dataset.variables.values()}
    assert kinds == {"U", "f", "i"}


def test_what_was_changed_into_no_panel_is_refused(panel):
    stored = to_datasets(panel("ann,doom,,,,point,,.1,s\n"))
    stored["judgements"]["value"][0] = "9"
    with pytest.raises(InputError, match="judgements, row 2, column value"):
        from_datasets(stored)


def test_what_was_stored_before_there_were_scales_is_restored(panel):
    whole = panel("ann,doom,,,,point,,.1,s\n")
    stored = to_datasets(whole)
    stored["questions"] = stored["questions"].drop_vars("scale")
    assert fingerprint(from_datasets(stored)) == fingerprint(whole)
    assert from_datasets(stored).questions["scale"].tolist() == ["uniform", "uniform", "log", "uniform", "uniform"]
