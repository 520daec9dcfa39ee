from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import fingerprint, read_panel, write_panel


@pytest.mark.parametrize("format", ["csv", "parquet"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read(panels, format, data):
    panel = data.draw(panels)
    with tempfile.TemporaryDirectory() as folder:
        write_panel(panel, folder, format)
        again = read_panel(folder)
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        write_panel(again, folder, format)
        assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == files
    for name in ("judgements", "experts", "questions"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(panel, name))
    assert fingerprint(again) == fingerprint(panel)


def test_text_survives_as_given(panel, tmp_path):
    write_panel(panel("ann,doom,,,,quantile,.50,0.030,s\n"), tmp_path / "copy")
    text = (tmp_path / "copy" / "judgements.csv").read_text(encoding="utf-8")
    assert text.splitlines()[1] == "ann,doom,,,1,quantile,.50,0.030,s"


def test_two_formats_in_one_folder_are_refused(panel, tmp_path):
    with pytest.raises(InputError, match="beside"):
        write_panel(panel("ann,doom,,,,point,,.1,s\n"), tmp_path, "parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "experts.csv",
        "judgements.csv",
        "questions.csv",
    ]


def test_an_unknown_format_is_refused(panel, tmp_path):
    with pytest.raises(InputError, match="valid names: csv, parquet"):
        write_panel(panel("ann,doom,,,,point,,.1,s\n"), tmp_path, "xlsx")
