"""The regimes that travel with the package."""

from __future__ import annotations

import numpy as np
import pytest

from blackball.errors import InputError
from blackball.panel import read_panel
from blackball.regimes import read_regimes
from blackball.regimes.read import parse_regimes
from blackball.risk_model import load_model
from blackball.shipped import shipped

SHIPPED = read_regimes(shipped("data") / "regimes.toml")
ASKED_FOR = {
    "status_quo",
    "open_race",
    "liability",
    "voluntary",
    "licensing",
    "compute_cap_us",
    "compute_cap_us_china",
    "soft_nationalisation",
    "one_project",
    "joint_project",
    "moratorium",
}
PATH = ["open_race", "licensing_path_25", "licensing_path_50", "licensing_path_75", "one_project"]


def test_every_way_of_governing_that_the_argument_names_is_there():
    assert set(SHIPPED.names) >= ASKED_FOR
    assert SHIPPED.reference == "status_quo"


@pytest.mark.parametrize("name", SHIPPED.names)
def test_a_regime_says_where_when_and_what_is_held_fixed(name):
    row = SHIPPED.rows[name]
    assert all((row.title, row.jurisdiction, row.duration, row.held_fixed))
    assert 2024 <= row.start <= 2100


@pytest.mark.parametrize("name", SHIPPED.names)
def test_every_number_has_a_source_that_says_something(name):
    row = SHIPPED.effective[name]
    sources = [entry.source for entry in (*row.sets.values(), *row.shifts.values())]
    assert sources
    assert all(len(source) > len("illustrative: ") for source in sources)
    known = [source for source in sources if not source.startswith("illustrative: ")]
    assert all(source.startswith("by definition") or any(c.isdigit() for c in source) for source in known)


def test_licensing_moves_from_the_open_race_to_the_one_project():
    projects = SHIPPED.setting("projects").sel(regime=PATH).values
    assert (np.diff(projects) < 0).all()
    assert (np.diff(SHIPPED.setting("halt_delay").sel(regime=PATH).values) < 0).all()
    for name in SHIPPED.parameters:
        centre = SHIPPED.shift(name).centre.sel(regime=PATH).values
        assert (np.diff(centre) >= 0).all() or (np.diff(centre) <= 0).all()
    seats = [SHIPPED.setting(f"seats_{bloc}").sel(regime=PATH).values for bloc in ("trust", "founders", "investors")]
    assert (np.sum(seats, axis=0) == 5).all()


def test_a_capable_government_matters_where_a_government_acts():
    loaded = {name for name, row in SHIPPED.rows.items() if any(shift.competence for shift in row.shifts.values())}
    assert loaded >= {"licensing", "soft_nationalisation", "one_project", "joint_project", "moratorium"}
    assert loaded >= {"compute_cap_us", "compute_cap_us_china"}
    assert not loaded & {"status_quo", "open_race", "voluntary", "liability"}


def test_regimes_differ():
    stated = {name: (row.sets, row.shifts) for name, row in SHIPPED.effective.items()}
    pairs = [(a, b) for a in stated for b in stated if a < b and stated[a] == stated[b]]
    assert pairs == []


@pytest.mark.parametrize(("name", "value"), [("projects", "0"), ("projects", "-3"), ("merge_believed", "1.5")])
def test_a_number_outside_its_range_is_refused_where_it_stands(name, value):
    text = (shipped("data") / "regimes.toml").read_text()
    head, tail = text.split("[regime.one_project.sets]\n")
    own, rest = tail.split("\n\n", 1)
    lines = [*(line for line in own.splitlines() if not line.startswith(f"{name} ")), "", rest]
    changed = "\n".join([head, "[regime.one_project.sets]", f'{name} = {{ to = {value}, source = "s" }}', *lines])
    panel = read_panel(shipped("data") / "western-projects")
    with pytest.raises(InputError, match=rf"regime\.one_project\.sets\.{name}\.to has {float(value)}: must lie in"):
        load_model("one-or-many").build(panel, parse_regimes(changed, "mine.toml"))
