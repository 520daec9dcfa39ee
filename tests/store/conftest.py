"""A small fit and a study that holds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from blackball.store import Study, new_study

Tree = Callable[[int], xr.DataTree]


@pytest.fixture
def tree() -> Tree:
    """A fit of a state, whose draws all are the number of the state."""

    def make(state: int) -> xr.DataTree:
        draws = xr.Dataset({"p": (("chain", "draw"), np.full((2, 50), float(state)))})
        names = xr.Dataset({"name": ("row", np.array(["ann", "bob"], dtype=object))})
        made = xr.DataTree.from_dict({"posterior": draws, "panel/experts": names})
        made.attrs = {"schema": 2, "state": state, "verdict": "trusted"}
        return made

    return make


@pytest.fixture
def study(tmp_path: Path, tree: Tree) -> Study:
    with new_study(tmp_path / "study") as made:
        made.write(tree(0))
    return made


def listing(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, the lock aside."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
