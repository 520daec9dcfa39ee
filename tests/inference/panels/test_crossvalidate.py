"""Many panels and methods at once: in processes or not, failures told, results the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from blackball.errors import InputError, SetupError
from blackball.inference.panels import QUICK, crossvalidate
from blackball.inference.parallel import processes
from blackball.panel import Panel
from tests.inference.panels.simulated import simulated_panel

SHORT = replace(QUICK, draws=100, tune=100)


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> list[Panel]:
    folder = tmp_path_factory.mktemp("panels")
    rng = np.random.default_rng(2)
    return [simulated_panel(folder / name, [0.6, 0.2, 0.2], 4, rng) for name in ("one", "two")]


def test_processes_change_nothing(panels: list[Panel], tmp_path: Path) -> None:
    methods = ["equal", "mixture"]
    told: list[tuple[int, int]] = []
    here = crossvalidate(panels, methods, settings=SHORT, progress=lambda _, done, total: told.append((done, total)))
    there = crossvalidate(panels, methods, settings=SHORT, workers=processes(2), folder=tmp_path / "kept")
    pd.testing.assert_frame_equal(here.scores, there.scores)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(list((tmp_path / "kept").glob("*.jsonl"))) == 4
    assert len(here.scores) == 2 * 2 * 4
    assert here.failures.empty


def test_what_fails_is_told_and_stops_nothing(panels: list[Panel]) -> None:
    found = crossvalidate(panels, ["equal", "geometric-odds"])
    assert set(found.scores["method"]) == {"equal"}
    assert found.failures["panel"].tolist() == ["one", "two"]
    assert found.failures["reason"].str.contains("it is for events").all()


def test_mistakes_are_told_at_once(panels: list[Panel], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"method has 'oracle': unknown method; .*valid names: .*mixture"):
        crossvalidate(panels, ["oracle"])
    with pytest.raises(InputError, match="workers has 0: must be at least 1"):
        processes(0)
    with pytest.raises(InputError, match=r"panels has 'one': two panels have this name"):
        crossvalidate([panels[0], panels[0]], ["equal"])
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="file: cannot be made"):
        crossvalidate(panels, ["equal"], folder=tmp_path / "file")
