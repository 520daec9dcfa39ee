from __future__ import annotations

from pathlib import Path

import pytest

from blackball.errors import SetupError
from blackball.panel.whole import whole


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_files_take_their_places_once_all_are_written(tmp_path):
    (tmp_path / "a").write_text("old")
    with whole(tmp_path) as fresh:
        (fresh / "a").write_text("new")
        (fresh / "b").write_text("new")
        assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "new"


def test_folders_are_made(tmp_path):
    with whole(tmp_path / "x" / "y") as fresh:
        (fresh / "a").write_text("new")
    assert names(tmp_path) == ["x", "x/y", "x/y/a"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_all_as_it_was(tmp_path, failure):
    (tmp_path / "a").write_text("old")
    for folder in (tmp_path, tmp_path / "x" / "y"):
        with pytest.raises(failure), whole(folder) as fresh:
            (fresh / "a").write_text("new")
            raise failure
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_what_the_file_system_says_becomes_one_sentence(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(SetupError, match=r"a: cannot be written: File exists"), whole(tmp_path / "a"):
        pass
    with pytest.raises(SetupError, match=r"x: cannot be written: No space left"), whole(tmp_path / "x"):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == ["a"]
