from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import blackball.panel

SOURCE = Path(blackball.panel.__file__).parents[2]


def test_import_is_cheap_and_free_of_samplers():
    code = "import sys, json, blackball.panel; print(json.dumps(sorted(sys.modules)))"
    # A fresh process, because this one has imported much else.
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"pymc", "pytensor", "arviz", "nutpie", "scipy", "xarray", "pyarrow.parquet"}


def test_public_names_are_sorted_and_there():
    names = blackball.panel.__all__
    assert names == sorted(names)
    assert all(hasattr(blackball.panel, name) for name in names)
