from __future__ import annotations

import os
import shutil
import subprocess
import sys
from errno import EACCES, ENOSPC
from pathlib import Path

import pytest
import xarray as xr

from blackball.decisions import history
from blackball.errors import StudyError
from blackball.store import Study, new_study, open_study
from tests.store.conftest import listing

HOLD = """
import sys
from blackball.store import open_study
with open_study(sys.argv[1]).locked():
    print("held")
"""


def full(*_: object, **__: object) -> None:
    raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_what_is_written_is_read(study, tree):
    xr.testing.assert_identical(open_study(study.folder).read(), tree(0))
    with xr.open_datatree(study.posterior, engine="h5netcdf") as anywhere:
        assert anywhere["posterior"]["p"].shape == (2, 50)
    assert list(listing(study.folder)) == ["posterior.nc"]


def test_every_earlier_state_is_kept(study, tree):
    before = study.posterior.read_bytes()
    for state in (1, 2):
        study.write(tree(state))
    assert study.read().attrs["state"] == 2
    assert sorted(listing(study.folder)) == ["history/0000.nc", "history/0001.nc", "posterior.nc"]
    assert (study.history / "0000.nc").read_bytes() == before


def test_a_new_study_takes_an_empty_folder(tmp_path, tree):
    with new_study(tmp_path) as study:
        study.write(tree(0))
    assert study.folder == tmp_path
    assert open_study(tmp_path).read().attrs["state"] == 0


def test_a_folder_with_anything_in_it_is_refused_untouched(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(StudyError, match="not empty; name a new or empty one"), new_study(tmp_path):
        pass
    assert listing(tmp_path) == {"thesis.txt": b"precious"}


def test_a_study_is_not_overwritten(study):
    before = listing(study.folder)
    with pytest.raises(StudyError, match="not empty"), new_study(study.folder):
        pass
    assert listing(study.folder) == before


@pytest.mark.parametrize(("below", "says"), [("", "is a file"), ("deep/er", "Not a directory")])
def test_a_file_in_the_way_is_told(tmp_path, below, says):
    (tmp_path / "thesis").write_text("precious")
    with pytest.raises(StudyError, match=says), new_study(tmp_path / "thesis" / below):
        pass
    assert listing(tmp_path) == {"thesis": b"precious"}


def test_a_folder_that_cannot_be_written_is_told_before_any_work(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(EACCES, os.strerror(EACCES))

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    worked = []
    with pytest.raises(StudyError, match="cannot lock the study: Permission denied"), new_study(tmp_path / "a"):
        worked.append(1)
    assert worked == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [KeyboardInterrupt, StudyError, ZeroDivisionError])
@pytest.mark.parametrize("there", [True, False])
def test_work_that_fails_leaves_the_folder_as_it_was(tmp_path, ending, there):
    folder = tmp_path / "a"
    if there:
        folder.mkdir()
    with pytest.raises(ending), new_study(folder if there else folder / "b" / "c"):
        raise ending
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == ["a"] * there


def test_what_a_killed_first_fit_left_is_no_obstacle(tmp_path, tree):
    (tmp_path / ".lock").touch()
    (tmp_path / ".posterior.nc.x1.part").write_text("half")
    with new_study(tmp_path) as study:
        study.write(tree(0))
    assert list(listing(tmp_path)) == ["posterior.nc"]


@pytest.mark.parametrize(
    "fails", ["xarray.DataTree.to_netcdf", "os.fsync", "pathlib.Path.replace", "blackball.store.study.copyfile"]
)
def test_a_full_disk_leaves_the_study_as_it_was(study, tree, monkeypatch, fails):
    study.write(tree(1))
    before = listing(study.folder)
    monkeypatch.setattr(fails, full)
    with pytest.raises(StudyError, match="cannot write the study, which stays as it was: No space left"):
        study.write(tree(2))
    assert listing(study.folder) == before


def test_a_disk_that_fills_up_half_way_leaves_the_study_as_it_was(study, tree, monkeypatch):
    before = listing(study.folder)
    write = xr.DataTree.to_netcdf

    def half(fit: xr.DataTree, path: os.PathLike[str], engine: str) -> None:
        write(fit, path, engine=engine)
        os.truncate(path, Path(path).stat().st_size // 2)
        full()

    monkeypatch.setattr(xr.DataTree, "to_netcdf", half)
    with pytest.raises(StudyError, match="No space left on device"):
        study.write(tree(1))
    assert listing(study.folder) == before


def test_a_first_fit_on_a_full_disk_leaves_nothing(tmp_path, tree, monkeypatch):
    monkeypatch.setattr(xr.DataTree, "to_netcdf", full)
    with pytest.raises(StudyError, match="No space left"), new_study(tmp_path / "a") as study:
        study.write(tree(0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_a_folder_without_a_study_is_told(tmp_path, folder):
    with pytest.raises(StudyError, match=r"holds no study \(no posterior\.nc\); `blackball fit` makes one"):
        open_study(tmp_path / folder)


@pytest.mark.parametrize("left", [0, 1, 100, 0.5, 0.99])
def test_a_truncated_file_is_told(study, left):
    size = study.posterior.stat().st_size
    os.truncate(study.posterior, left if isinstance(left, int) else int(size * left))
    with pytest.raises(StudyError, match=r"posterior\.nc: is damaged or no study"):
        study.read()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\0" * 5000, b"\x89HDF\r\n\x1a\n" + b"\xff" * 500])
def test_a_file_that_is_no_study_is_told(study, content):
    study.posterior.write_bytes(content)
    with pytest.raises(StudyError, match=r"posterior\.nc: is damaged or no study"):
        study.read()


@pytest.mark.parametrize(
    ("attrs", "says"),
    [
        ({}, "is damaged or no study: it does not say which layout it has"),
        ({"schema": 3}, "has layout 3, this version reads up to 2: use a newer blackball"),
        ({"schema": 0}, "has layout 0, this version reads 1 to 2; fit it again"),
    ],
)
def test_another_layout_is_told(study, attrs, says):
    foreign = xr.DataTree.from_dict({"posterior": xr.Dataset({"p": 1.0})})
    foreign.attrs = attrs
    foreign.to_netcdf(study.posterior, engine="netcdf4")
    with pytest.raises(StudyError, match=says):
        study.read()


def test_a_study_of_the_first_layout_is_brought_to_todays(study, tree):
    old = tree(1)
    old.attrs["schema"] = 1
    first = {"when": "2026-01-01", "way": "refit", "rows": 2, "experts": "ann, bob", "moves": "{}", "previous": "abc"}
    old["history"] = xr.Dataset({name: ("entry", [value]) for name, value in first.items()})
    old.to_netcdf(study.posterior, engine="netcdf4")
    before = study.posterior.read_bytes()
    read = study.read()
    assert read.attrs["schema"] == 2
    (entry,) = history(read)
    assert (entry.state, entry.came, entry.gone, entry.experts, entry.by) == (1, 2, 0, ("ann", "bob"), {})
    assert study.posterior.read_bytes() == before


def test_every_earlier_state_can_be_read_and_is_known_again(study, tree):
    for state in (1, 2, 3):
        study.write(tree(state))
    assert [int(study.at(state)["posterior"]["p"][0, 0]) for state in range(4)] == [0, 1, 2, 3]
    for state in (4, -1):
        with pytest.raises(StudyError, match=f"has no state {state}; its states are 0 to 3"):
            study.at(state)


def test_an_earlier_state_that_was_changed_is_told(study, tree):
    for state in (1, 2):
        study.write(tree(state))
    other = tree(7)
    other.attrs["state"] = 1
    other.to_netcdf(study.history / "0001.nc", engine="netcdf4")
    with pytest.raises(StudyError, match=r"0001\.nc: is not the file that was kept as state 1"):
        study.at(1)
    (study.history / "0000.nc").unlink()
    with pytest.raises(StudyError, match=r"0000\.nc: is gone"):
        study.at(0)


def test_a_writer_who_read_an_older_state_loses_nothing(study, tree):
    study.write(tree(1))
    before = listing(study.folder)
    with pytest.raises(StudyError, match="has moved on to state 1, and this would be state 1: somebody updated it"):
        study.write(tree(1))
    assert listing(study.folder) == before


def test_a_second_writer_is_refused(study):
    code = (
        "import sys\nfrom blackball.store import open_study\nwith open_study(sys.argv[1]).locked():\n    print('held')"
    )
    other = [sys.executable, "-c", code, str(study.folder)]
    with study.locked():
        refused = subprocess.run(other, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "another process is writing this study; try again when it is done" in refused.stderr
    assert subprocess.run(other, capture_output=True, text=True, check=True).stdout == "held\n"


def test_a_writer_that_fails_lets_go(study):
    with pytest.raises(ZeroDivisionError), study.locked():
        raise ZeroDivisionError
    with study.locked():
        assert study.read().attrs["state"] == 0


def test_the_next_writer_clears_away_what_a_killed_one_left(study):
    study.history.mkdir()
    left = [study.folder / ".posterior.nc.x1.part", study.history / ".0000.nc.x2.part"]
    for path in left:
        path.write_text("half")
    (study.folder / ".mine.part").write_text("not a study's")
    with study.locked():
        assert not any(path.exists() for path in left)
    assert (study.folder / ".mine.part").exists()


def test_a_study_moves_with_its_folder(study, tmp_path):
    shutil.move(study.folder, tmp_path / "elsewhere")
    assert Study(tmp_path / "elsewhere").read().attrs["verdict"] == "trusted"
