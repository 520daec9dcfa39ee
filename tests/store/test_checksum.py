"""A byte that flips anywhere in a study is noticed, or changes no value."""

from __future__ import annotations

import shutil
from contextlib import suppress

import numpy as np
import pytest
import xarray as xr

from blackball.errors import StudyError
from blackball.store.checksum import LENGTH, intact, sign


def flipped(path, place, bit=0):
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1 << bit
    path.write_bytes(bytes(raw))


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_is_noticed_or_harmless(study, tree, seed):
    rng = np.random.default_rng(seed)
    size = study.posterior.stat().st_size
    # Most lie anywhere; every third in the checksum itself, a small part of the file.
    place = size - 1 - int(rng.integers(LENGTH)) if seed % 3 == 0 else int(rng.integers(size - LENGTH))
    flipped(study.posterior, place, int(rng.integers(8)))
    if place < size - LENGTH:
        with pytest.raises(StudyError, match=str(study.posterior)):
            study.read()
        return
    # In the checksum itself it may be taken for none.
    with suppress(StudyError):
        xr.testing.assert_identical(study.read(), tree(0))


def test_without_the_checksum_a_flip_goes_unnoticed(study, tree):
    # The negative control: a draw changes, and HDF5 says nothing.
    study.write(tree(1))
    raw = study.posterior.read_bytes()[:-LENGTH]
    draws = np.full(100, 1.0).tobytes()
    place = raw.index(draws) + 6
    study.posterior.write_bytes(raw)
    flipped(study.posterior, place, 5)
    with pytest.raises(AssertionError):
        xr.testing.assert_equal(study.read(), tree(1))


def test_the_message_says_what_to_do(study, tree):
    flipped(study.posterior, 3000)
    with pytest.raises(StudyError, match=r"posterior\.nc: was changed or damaged .*, or fit again in another folder"):
        study.read()


def test_the_earlier_state_that_is_named_can_take_its_place(study, tree):
    for state in (1, 2):
        study.write(tree(state))
    flipped(study.posterior, 3000)
    last = study.history / "0001.nc"
    with pytest.raises(StudyError, match=f"copy the state before, {last}, in its place"):
        study.read()
    shutil.copy(last, study.posterior)
    xr.testing.assert_equal(study.read(), tree(1))


def test_files_without_a_checksum_pass(tmp_path):
    file = tmp_path / "file"
    for content in (b"", b"short", b"x" * 1000):
        file.write_bytes(content)
        assert intact(file)


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 5])
def test_a_signed_file_keeps_its_content(tmp_path, size):
    file, content = tmp_path / "file", bytes(size)
    file.write_bytes(content)
    sign(file)
    assert intact(file)
    assert file.read_bytes()[:-LENGTH] == content
    if size:
        flipped(file, size // 2)
        assert not intact(file)
