"""Run the command line in this process, in an empty folder; no test here samples."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import xarray as xr

from blackball.cli import main
from blackball.panel import read_panel, to_datasets
from blackball.shipped import shipped
from blackball.store import new_study
from tests.synthetic import governed


class Ended(NamedTuple):
    """How a command ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(tmp_path)

    def run(*args: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["blackball", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, *capsys.readouterr())

    return run


def stored(verdict: str = "trusted") -> xr.DataTree:
    """A synthetic fit as a study keeps it, with the urn's panel."""
    fit = governed(verdict)
    fit.attrs |= {"schema": 2}
    for name, dataset in to_datasets(read_panel(shipped("data") / "urn")).items():
        fit[f"panel/{name}"] = xr.DataTree(dataset)
    return fit


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The folder of a study of a trusted fit."""
    with new_study(tmp_path / "study") as made:
        made.write(stored())
    return made.folder


def listing(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, and every folder; the lock aside."""
    paths = [path for path in folder.rglob("*") if path.name != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in paths}
