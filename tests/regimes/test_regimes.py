from __future__ import annotations

from math import log

import pytest
import xarray as xr

from blackball.errors import InputError
from blackball.regimes.read import parse_regimes
from tests.regimes.conftest import TEXT

# Half the width of a standard normal's central 90 % interval, from a table of the normal distribution.
Z95 = 1.644854
SCHEDULED = TEXT.replace("to = 8", "schedule = { 2023 = 0, 2024 = 1, 2026 = 3 }")


def test_the_reference_comes_first_and_the_rest_in_file_order(regimes):
    assert regimes.names == ("now", "race", "pause")
    assert regimes.reference == "now"


def test_parameters_are_all_that_are_set_or_shifted(regimes):
    assert regimes.parameters == {"projects", "idle", "misaligned", "pace", "lead"}


def test_a_silent_regime_has_the_number_of_the_reference(regimes):
    expected = xr.DataArray([5.0, 8.0, 5.0], dims="regime", coords={"regime": ["now", "race", "pause"]})
    xr.testing.assert_identical(regimes.setting("projects"), expected)
    assert regimes.setting("idle").values.tolist() == [0, 0, 0.5]


def test_a_number_that_the_reference_does_not_set_is_a_key_error(regimes):
    with pytest.raises(KeyError, match="pace"):
        regimes.setting("pace")


@pytest.mark.parametrize(
    ("parameter", "kind", "centre", "sd"),
    [
        ("misaligned", "odds", log(2), log(4) / (2 * Z95)),  # odds of 1 to 4: on the log, 0 to log 4
        ("pace", "times", log(2), 0.0),  # a known factor
        ("lead", "plus", 1.0, 4 / (2 * Z95)),  # -1 to 3, as it is
    ],
)
def test_a_shift_has_the_centre_and_sd_of_its_interval(regimes, parameter, kind, centre, sd):
    shift = regimes.shift(parameter)
    assert shift.kinds == {kind}
    assert shift.centre.dims == shift.sd.dims == ("regime",)
    assert shift.centre.sel(regime="race").item() == pytest.approx(centre, rel=1e-12)
    assert shift.sd.sel(regime="race").item() == pytest.approx(sd, rel=1e-6)
    others = ["now", "pause"]
    assert not shift.centre.sel(regime=others).any()
    assert not shift.sd.sel(regime=others).any()


def test_what_nobody_shifts_is_not_shifted(regimes):
    shift = regimes.shift("breach")
    assert shift.kinds == frozenset()
    assert not shift.centre.any()


def test_illustrative_numbers_are_listed(regimes):
    assert regimes.illustrative("race") == ("projects", "pace")
    assert regimes.illustrative("pause") == ()


def test_a_schedule_is_a_step_function_and_a_number_holds_in_every_year():
    found = parse_regimes(SCHEDULED, "some.toml").setting_by_year("projects", [2030, 2023, 2025, 2026])
    coords = {"regime": ["now", "race", "pause"], "year": [2030, 2023, 2025, 2026]}
    expected = xr.DataArray([[5.0] * 4, [3.0, 0, 1, 3], [5.0] * 4], dims=("regime", "year"), coords=coords)
    xr.testing.assert_identical(found, expected)


def test_a_silent_regime_has_the_schedule_of_the_reference():
    text = TEXT.replace("projects = { to = 5", "projects = { schedule = { 2027 = 5, 2028 = 6 }")
    found = parse_regimes(text, "some.toml").setting_by_year("projects", [2027, 2028])
    assert found.values.tolist() == [[5, 6], [8, 8], [5, 6]]


def test_a_year_before_a_schedule_begins_is_refused_where_the_schedule_stands():
    with pytest.raises(InputError) as caught:
        parse_regimes(SCHEDULED, "some.toml").setting_by_year("projects", [2022, 2024])
    (problem,) = caught.value.problems
    assert (problem.file, problem.column, problem.value) == ("some.toml", "regime.race.sets.projects.schedule", 2023)
    assert problem.rule == "begins after 2022, the first year that is needed: begin it there or earlier"


def test_a_schedule_has_no_one_number():
    with pytest.raises(
        InputError, match=r"race\.sets\.projects\.schedule: a schedule over the years, where one number"
    ):
        parse_regimes(SCHEDULED, "some.toml").setting("projects")


def test_a_number_by_year_that_the_reference_does_not_set_is_a_key_error(regimes):
    with pytest.raises(KeyError, match="pace"):
        regimes.setting_by_year("pace", [2027])


def test_loadings_on_competence_are_those_stated():
    text = TEXT.replace("times = 2,", "times = 2, competence = -0.4,")
    shift = parse_regimes(text, "some.toml").shift("pace")
    assert shift.competence.sel(regime=["race", "now", "pause"]).values.tolist() == [-0.4, 0, 0]
    assert shift.centre.sel(regime="race").item() == pytest.approx(log(2))
