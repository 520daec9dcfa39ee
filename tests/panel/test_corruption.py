"""However a file is damaged, it is a panel still or the damage is located."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import Panel, encode, fingerprint, read_panel, write_panel

ROWS = """ann,doom,,,,quantile,.05,.01,s
ann,doom,,,,quantile,.5,.1,s
ann,size,,,,chips,0:1,2,s
ann,size,,,,chips,1:4,3,"two, words"
bob,doom,pause,quo,2,ratio,,.6,s
bob,doom,,not cause,,odds,,1:19,s
cyd,share,,,,interval,low,12,s
cyd,share,,,,interval,best,15,s
cyd,share,,,,interval,high,20,s
cyd,share,,,,interval,confidence,.8,s
"""
WIDTHS = {"probability": 1.0, "positive": 0.5, "bounded": 1.0, "real": 1.0}
NAMES = ["judgements", "experts", "questions"]
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3), st.binary(max_size=4)), min_size=1, max_size=5)
TELLING = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 3),
        st.sampled_from([b",", b'"', b"\n", b"\r", b":", b"0", b"-", b"1e9"]),
    ),
    min_size=1,
    max_size=5,
)


def damage(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + length :]
    return data


def read(folder: str) -> Panel | InputError:
    try:
        return read_panel(folder)
    except InputError as error:
        return error


@pytest.mark.parametrize("format", ["csv", "parquet"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(NAMES), edits=st.one_of(EDITS, TELLING))
def test_a_damaged_file_is_a_panel_or_a_located_problem(panel, format, name, edits):
    sound = panel(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        write_panel(sound, folder, format)
        path = Path(folder) / f"{name}.{format}"
        path.write_bytes(damage(path.read_bytes(), edits))
        outcome = read(folder)
    if isinstance(outcome, InputError):
        assert outcome.problems
        assert all(problem.file.startswith(folder) and problem.rule for problem in outcome.problems)
    else:
        assert len(fingerprint(outcome)) == 64
        assert encode(outcome, default_width=WIDTHS).sizes["expert"] > 0
