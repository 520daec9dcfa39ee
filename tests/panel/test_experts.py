from __future__ import annotations

import pytest

SAID = "ann,doom,,,,point,,.1,s\n"


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (",Eve,,,s", "expert", ""),
        ("ann,Ann,,,s", "expert", "ann"),
        ("eve,,,0,s", "n", "0"),
        ("eve,,,2.5,s", "n", "2.5"),
        ("eve,,,-3,s", "n", "-3"),
        ("eve,,,3,", "source", ""),
    ],
)
def test_a_breach_is_located(write, located, row, column, value):
    folder = write(SAID, experts=f"expert,name,camp,n,source\nann,,,,s\n{row}\n")
    assert located(folder) == [("experts.csv", 3, column, value)]
