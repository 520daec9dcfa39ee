"""A small regimes file, and what reading a changed one reports."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blackball.errors import InputError, Problem
from blackball.regimes import Regimes
from blackball.regimes.read import parse_regimes

HEAD = """title = "A title"
summary = "A sentence."
jurisdiction = "everywhere"
start = 2027
duration = "to 2100"
held_fixed = "the rest"
"""
TEXT = f"""reference = "now"

[regime.race]
{HEAD}
[regime.race.sets]
projects = {{ to = 8, source = "illustrative: entry is free" }}
[regime.race.shifts]
misaligned = {{ odds = [1, 4], source = "Ann (2024)" }}
pace = {{ times = 2, source = "Illustrative: faster" }}
lead = {{ plus = [-1, 3], source = "Ann (2024)" }}

[regime.now]
{HEAD}
[regime.now.sets]
projects = {{ to = 5, source = "Ann (2024)" }}
idle = {{ to = 0, source = "by definition" }}

[regime.pause]
{HEAD}
[regime.pause.sets]
idle = {{ to = 0.5, source = "by definition" }}
"""

Refusals = Callable[[str, str], list[Problem]]


@pytest.fixture
def regimes() -> Regimes:
    return parse_regimes(TEXT, "some.toml")


@pytest.fixture
def refusals() -> Refusals:
    """Problems that are reported when the first place of one text is replaced by another."""

    def read(old: str, new: str) -> list[Problem]:
        assert old in TEXT
        with pytest.raises(InputError) as caught:
            parse_regimes(TEXT.replace(old, new, 1), "some.toml")
        return list(caught.value.problems)

    return read
