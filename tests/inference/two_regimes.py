"""Many projects or one: two regimes that differ in a number and in the hazard, made for tests."""

from __future__ import annotations

from blackball.regimes import Regimes
from blackball.regimes.read import parse_regimes

FACTS = 'jurisdiction = "anywhere"\nstart = 2027\nduration = "ten years"\nheld_fixed = "all else"\n'


def two_regimes(shift: str) -> Regimes:
    """Return the regimes; `shift` says what one project does to the hazard, such as `times = 2`."""
    return parse_regimes(
        f"""reference = "many"
[regime.many]
title = "Many"
{FACTS}[regime.many.sets]
projects = {{ to = 5, source = "a test" }}
[regime.one]
title = "One"
{FACTS}[regime.one.sets]
projects = {{ to = 1, source = "a test" }}
[regime.one.shifts]
hazard = {{ {shift}, source = "a test" }}
""",
        "a test",
    )
