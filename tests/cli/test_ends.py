"""What a fit ends with: 0 and a study, 2 where the verdict failed, 130 when interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from errno import ENOSPC
from pathlib import Path

import pytest
import xarray as xr

from blackball.store import open_study
from tests.cli.conftest import listing, stored

SLOW = "import time\nprint('here', flush=True)\ntime.sleep(60)\n"
MAIN = "from blackball.cli import main; main()"
NEW = "expert,question,regime,given,round,form,level,value,source\nurn_comment,misaligned,,,2,point,,0.2,a test\n"


@pytest.fixture
def ends(monkeypatch):
    """Let a fit or an update end so, without sampling."""

    def end(result: xr.DataTree | BaseException) -> None:
        def stand_in(*_: object, **__: object) -> xr.DataTree:
            if isinstance(result, BaseException):
                raise result
            return result

        monkeypatch.setattr("blackball.inference.fit", stand_in)
        monkeypatch.setattr("blackball.inference.update", stand_in)

    return end


@pytest.fixture
def exports(monkeypatch):
    """Write no tables: how they come out is tested beside `store`."""
    monkeypatch.setattr("blackball.store.export.summarise", lambda *_: [])


def start(folder: Path, *args: str) -> subprocess.Popen[str]:
    """Start the command line in a process of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", MAIN, *args], cwd=folder, text=True, **streams)


def updated(verdict: str = "trusted") -> xr.DataTree:
    fit = stored(verdict)
    fit.attrs["state"] = 1
    entry = {"when": "2027-01-02", "way": "weights", "why": "Pareto k 0.20", "rows": 1, "gone": 2, "previous": "abc"}
    entry |= {"experts": "ann, urn_comment", "moves": '{"catastrophe[pause]": 0.021, "x": -0.001}'}
    entry["by"] = '{"urn_comment": {"catastrophe[pause]": 0.03, "x": 0}, "ann": {"catastrophe[pause]": -0.01, "x": 0}}'
    fit["history"] = xr.DataTree(xr.Dataset({name: ("entry", [value]) for name, value in entry.items()}))
    return fit


@pytest.mark.parametrize(("verdict", "code"), [("trusted", 0), ("failed", 2)])
def test_a_fit_is_written_and_the_verdict_is_the_exit_code(command, ends, tmp_path, verdict, code):
    ends(stored(verdict))
    ended = command("fit", "urn", "--out", "deep/study")
    assert ended.code == code
    assert "Written: deep/study/posterior.nc, deep/study/summary.csv" in ended.out.replace("\n", " ")
    assert ended.out.startswith("one-or-many: mean (median)")
    assert open_study("deep/study").read().attrs["verdict"] == verdict
    written = set(listing(tmp_path / "deep" / "study"))
    assert {"posterior.nc", "summary.csv", "summary.json"} <= written
    assert not [name for name in written if "part" in name or name.startswith(".export")]


def test_the_default_folder_is_named_after_the_model(command, ends, exports):
    ends(stored())
    assert command("fit", "power_seeking").code == 0
    assert open_study("power-seeking-study").read().attrs["state"] == 0


@pytest.mark.parametrize("verb", ["compare", "diagnose", "export", "report"])
def test_a_failed_verdict_is_an_exit_code_everywhere(command, study, exports, monkeypatch, verb):
    open_study(study).posterior.unlink()
    open_study_of = stored("failed")
    open_study_of.to_netcdf(study / "posterior.nc", engine="netcdf4")
    monkeypatch.setattr("blackball.inference.diagnose", lambda _: Failed())
    assert command(verb, study, *(["elsewhere"] if verb == "export" else [])).code == 2


class Failed:
    verdict = "failed"

    def dataset(self) -> xr.Dataset:
        return stored("failed")["diagnosis"].to_dataset()


def test_an_update_keeps_the_state_before_and_says_what_moved(command, ends, exports, study, tmp_path):
    before = (study / "posterior.nc").read_bytes()
    (tmp_path / "new.csv").write_text(NEW)
    ends(updated())
    ended = command("update", study, "new.csv")
    assert ended.code == 0
    assert "1 new row and 2 rows withdrawn by ann, urn_comment; by importance weights: Pareto k 0.20\n" in ended.out
    shares = "(urn_comment +3, ann -1, together +0.1)"
    moved = f"  catastrophe[pause]: +2.1 percentage points {shares}\n  x: -0.1 percentage points"
    assert f"posterior means that moved most:\n{moved}" in ended.out
    assert (study / "history" / "0000.nc").read_bytes() == before
    assert open_study(study).read().attrs["state"] == 1


def test_the_history_of_a_study_is_told_and_every_state_of_it(command, ends, exports, study, tmp_path):
    assert command("history", study).out == "one-or-many, panel western-projects: state 0, never updated\n"
    (tmp_path / "new.csv").write_text(NEW)
    ends(updated())
    command("update", study, "new.csv")
    told = command("history", study).out
    assert told.startswith(
        "one-or-many, panel western-projects: state 1, updated once\n\nstate 1, 2027-01-02\n1 new row"
    )
    assert command("history", study, "--at", "0").out == command("compare", study).out
    before = (study / "history" / "0000.nc").read_bytes()
    assert command("history", study, "--at", "0", "--out", "first").code == 0
    assert open_study("first").read().attrs["state"] == 0
    assert (study / "history" / "0000.nc").read_bytes() == before


def test_an_interrupted_fit_leaves_nothing(command, ends, tmp_path):
    ends(KeyboardInterrupt())
    ended = command("fit", "urn", "--out", "deep/study")
    assert ended.code == 130
    assert ended.err.splitlines()[-1] == "interrupted; nothing was left half written"
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_update_leaves_the_study_as_it_was(command, ends, study, tmp_path):
    (tmp_path / "new.csv").write_text(NEW)
    before = listing(study)
    ends(KeyboardInterrupt())
    assert command("update", study, "new.csv").code == 130
    assert listing(study) == before


def test_a_full_disk_leaves_the_study_as_it_was(command, ends, study, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    (tmp_path / "new.csv").write_text(NEW)
    before = listing(study)
    ends(updated())
    monkeypatch.setattr(xr.DataTree, "to_netcdf", full)
    ended = command("update", study, "new.csv")
    assert ended.code == 1
    assert "cannot write the study, which stays as it was: No space left on device" in ended.err
    assert listing(study) == before


def test_a_real_interrupt_is_clean(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    with start(tmp_path, "fit", "slow.py", "--panel", "urn", "--out", "study") as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "here\n"
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said == "interrupted; nothing was left half written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["slow.py"]


def test_an_interrupt_while_sampling_does_not_pass_for_a_fit(tmp_path):
    args = ["fit", "urn", "--out", "study", "--draws", "1000000", "--chains", "2"]
    with start(tmp_path, *args) as running:
        assert running.stderr is not None
        while running.stderr.readline() != "Sampling\n":
            assert running.poll() is None
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.splitlines()[-1] == "interrupted; nothing was left half written"
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
