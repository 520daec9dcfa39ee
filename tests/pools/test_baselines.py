"""Classical pools against what others reckoned for thirty published studies."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from blackball.panel import read_panel
from blackball.pools import Answers, answers_of, pool_quantities, score_quantity
from blackball.pools.calibration import calibration, information, interval_of
from blackball.pools.performance import calibrations
from blackball.pools.quantile_average import through

STUDIES = (
    *("Biol agents", "CDC ROI_s", "CREATE", "CWD_s", "CoveringKids", "Daniela", "EffusiveErupt", "FCEP Error"),
    *("Florida", "GL-NIS", "Goodheart", "Hemophilia", "IceSheet2012", "Nebraska", "PHAC 2009 final", "Raveem"),
    *("SPEED", "San Diego", "TdC", "USGSfinal", "all_CDC", "bfiq", "dcpn_fistula", "eBBP", "france", "italy"),
    *("obesity_ms", "puig-gdp", "puig-oil", "umd_nremoval"),
)

CUT_APART = "EffusiveErupt"
"""Here the reference cuts two experts apart whose calibrations are equal but for rounding errors of the last bit."""

WITHOUT_TIES = (
    *("Biol agents", "CoveringKids", "FCEP Error", "Nebraska", "Raveem"),
    *("france", "italy", "obesity_ms", "puig-oil"),
)
"""Whichever seed is left out, no two experts with different counts of hits have the same calibration."""

TIES_WITHOUT_CONSEQUENCE = (
    *("CREATE", "Hemophilia", "SPEED", "San Diego", "USGSfinal"),
    *("bfiq", "dcpn_fistula", "puig-gdp", "umd_nremoval"),
)
"""There are such ties, but their last bits agree too, or the cut-off lies elsewhere."""

ROUNDING = 5.1e-5
"""Of five digits of a number up to ten."""


@pytest.fixture(scope="module")
def published(shared_data) -> pd.DataFrame:
    return pd.read_csv(shared_data / "panels" / "baselines.csv").set_index("study")


@pytest.fixture(scope="module")
def studies(shared_data) -> dict[str, Answers]:
    paths = [path for path in (shared_data / "panels").iterdir() if path.suffix.lower() == ".dtt"]
    panels = [read_panel(path) for path in paths]
    return {panel.name: answers_of(panel) for panel in panels}


def test_the_studies_are_the_published_ones(published, studies):
    assert sorted(published.index) == sorted(studies) == sorted(STUDIES)


def described(answers: Answers, predicted: list) -> dict[str, float]:
    """Return what the reference tells of predictions of all seeds, by its own abbreviations."""
    seeds, levels = answers.seeds, answers.levels
    scores = [score_quantity(one, answers.realisations[j], levels) for one, j in zip(predicted, seeds, strict=True)]
    values = np.array([one.quantile(levels) for one in predicted])
    size = int(answers.answered[seeds].sum(axis=0).min())
    return {
        "c": calibration(values, answers.realisations[seeds], levels, size),
        "i": float(information(values, answers.low[seeds], answers.high[seeds], levels).mean()),
        "pin": float(np.mean([one.pinball for one in scores])),
        "ls": float(np.mean([one.log_score for one in scores])),
        "cover": float(np.mean([one.covered_outer for one in scores])),
    }


@cache
def in_sample(answers: Answers, pool: str) -> dict[str, float]:
    return described(answers, pool_quantities(pool, answers, answers.seeds, answers.seeds))


@cache
def out_of_sample(answers: Answers) -> dict[str, float]:
    """Describe performance weights that are learned from all seeds but the predicted one."""
    left = [(np.setdiff1d(answers.seeds, [seed]), [seed]) for seed in answers.seeds]
    return described(answers, [pool_quantities("performance", answers, *one)[0] for one in left])


def agree(found: dict[str, float], published: pd.Series, columns: dict[str, str]) -> None:
    expected = {name: published[column] for name, column in columns.items()}
    assert {name: found[name] for name in columns} == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("study", STUDIES)
def test_equal_weights(published, studies, study):
    columns = {"c": "EWc", "i": "EWi", "pin": "EW_pin", "ls": "EW_ls", "cover": "EWcover"}
    agree(in_sample(studies[study], "equal"), published.loc[study], columns)


@pytest.mark.parametrize("study", STUDIES)
def test_quantile_averages(published, studies, study):
    columns = {"c": "QA_c", "i": "QA_i", "pin": "QA_pin", "ls": "QA_ls"}
    agree(in_sample(studies[study], "quantile-mean"), published.loc[study], columns)


@pytest.mark.parametrize("study", STUDIES)
def test_the_best_expert(published, studies, study):
    best = calibrations(studies[study], studies[study].seeds).max()
    assert best == pytest.approx(published.loc[study, "best_c"], abs=ROUNDING)


@pytest.mark.parametrize("study", STUDIES)
def test_single_experts(published, studies, study):
    """The reference takes the mean over those who answered every seed."""
    answers = studies[study]
    scores = [
        score_quantity(through(answers, j, answers.values[j, e]), answers.realisations[j], answers.levels)
        for e in np.flatnonzero(answers.answered[answers.seeds].all(axis=0))
        for j in answers.seeds
    ]
    found = {"ls": np.mean([one.log_score for one in scores]), "pin": np.mean([one.pinball for one in scores])}
    agree(found, published.loc[study], {"ls": "ind_ls", "pin": "ind_pin"})


@pytest.mark.parametrize("study", [study for study in STUDIES if study != CUT_APART])
def test_performance_weights(published, studies, study):
    """Experts with equal calibration are cut together here, to twelve digits; see `CUT_APART`."""
    agree(in_sample(studies[study], "performance"), published.loc[study], {"c": "PWc", "i": "PWi"})


def test_experts_with_equal_calibration_are_cut_together(published, studies):
    """The reference reaches more by cutting them apart, which is luck: mirrored hits are as good as each other."""
    found, row = in_sample(studies[CUT_APART], "performance"), published.loc[CUT_APART]
    assert row["PWc"] * row["PWi"] > found["c"] * found["i"] > row["EWc"] * row["EWi"]


@pytest.mark.parametrize("study", WITHOUT_TIES + TIES_WITHOUT_CONSEQUENCE)
def test_performance_weights_of_a_seed_left_out(published, studies, study):
    columns = {"c": "LOO_PWc", "i": "LOO_PWi", "pin": "LOO_PW_pin", "ls": "LOO_PW_ls", "cover": "LOOcover"}
    agree(out_of_sample(studies[study]), published.loc[study], columns)


def meets_a_tie(answers: Answers) -> bool:
    """Say whether experts with different counts of hits have the same calibration, whichever seed is left out."""
    hit = interval_of(answers.values, np.repeat(answers.realisations[:, None], len(answers.experts), axis=1))
    for seed in answers.seeds:
        seeds = np.setdiff1d(answers.seeds, [seed])
        alike: dict[str, set[tuple[int, ...]]] = {}
        for expert, score in enumerate(calibrations(answers, seeds)):
            counts = np.bincount(hit[seeds, expert][answers.answered[seeds, expert]], minlength=len(answers.levels) + 1)
            alike.setdefault(f"{score:.12g}", set()).add(tuple(counts.tolist()))
        if any(len(counts) > 1 for counts in alike.values()):
            return True
    return False


def test_the_other_studies_meet_ties(studies):
    assert {study for study, answers in studies.items() if not meets_a_tie(answers)} == set(WITHOUT_TIES)


def test_performance_weights_win_in_sample_and_lose_out_of_sample(studies):
    """Where they are judged by the seeds that chose them, and where they are not."""
    equal = [in_sample(answers, "equal") for answers in studies.values()]
    learned = [in_sample(answers, "performance") for answers in studies.values()]
    wins = sum(mine["c"] * mine["i"] > base["c"] * base["i"] for mine, base in zip(learned, equal, strict=True))
    assert wins >= 27
    honest = np.mean([out_of_sample(answers)["ls"] for answers in studies.values()])
    assert honest < np.mean([base["ls"] for base in equal]) - 0.02
    assert honest < np.mean([mine["ls"] for mine in learned]) - 0.2
