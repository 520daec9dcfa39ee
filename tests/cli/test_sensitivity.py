"""`blackball sensitivity` prints what drives each outcome and writes what it prints."""

import pandas as pd
import pytest

from blackball.decisions import sensitivity
from blackball.store import new_study
from tests.cli.conftest import listing
from tests.driven import driven, moved

FILES = {"for_report.json", "shares.csv", "tornado.csv", "unexplained.csv", "tornado-many.png", "tornado-many.svg"}


@pytest.fixture
def study(tmp_path, monkeypatch):
    """The folder of a study whose model is not built again: what it would say is known."""
    monkeypatch.setattr(
        "blackball.api.sensitivity", lambda fit, *, seed, **chosen: sensitivity(fit, moved(fit), seed=seed, **chosen)
    )

    def made(verdict="trusted"):
        fit = driven(verdict)
        fit.attrs |= {"schema": 1}
        with new_study(tmp_path / verdict) as target:
            target.write(fit)
        return tmp_path / verdict

    return made


def test_the_reference_is_told_and_written(command, study, tmp_path):
    ended = command("sensitivity", study(), "--out", "deep/out")
    assert ended.code == 0
    assert "What drives P(catastrophe) by 2050 under 'many'" in ended.out
    assert "fate (a)" in ended.out
    assert "5 % to 95 %: quantiles of the quantity, in % for a probability" in " ".join(ended.out.split())
    quantity, unit = (line.strip() for line in ended.out.splitlines()[4:6])
    assert (quantity.split()[0], unit) == ("pace", "odds")
    assert "under 'one'" not in ended.out
    assert "unexplained" in ended.out
    assert set(listing(tmp_path / "deep" / "out")) == FILES
    assert set(listing(tmp_path / "deep")) == {"out", *(f"out/{name}" for name in FILES)}
    written = pd.read_csv(tmp_path / "deep" / "out" / "shares.csv")
    assert set(written["regime"]) == {"many"}
    assert set(written["verdict"]) == {"trusted"}
    (largest,) = written[(written["outcome"] == "catastrophe") & (written["at"] == "horizon=2050")].head(1)["quantity"]
    assert largest == "pace"


def test_outcomes_and_regimes_can_be_named(command, study):
    ended = command("sensitivity", study(), "--outcome", "catastrophe", "--regime", "one", "--regime", "many")
    assert ended.out.count("What drives P(catastrophe)") == 2
    assert "P(power)" not in ended.out


def test_a_failed_verdict_is_loud_and_leaves_with_2(command, study):
    ended = command("sensitivity", study("failed"))
    assert ended.code == 2
    assert "DIAGNOSTICS FAILED: do not use these numbers." in ended.out
