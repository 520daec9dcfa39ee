"""`blackball decide` prints the regimes by expected loss and writes what it prints."""

import pandas as pd
import pytest

from blackball.store import new_study
from tests.cli.conftest import stored

LOSSES = """outcome,at,regime,loss,unit,source
catastrophe,horizon=2100,,1000,points,made for a test
,,,0,points,made for a test
,,moratorium,50,points,illustrative: made for a test
"""


@pytest.fixture
def losses(tmp_path):
    (tmp_path / "losses.csv").write_text(LOSSES)
    return tmp_path / "losses.csv"


def test_regimes_are_told_from_the_smallest_loss(command, study, losses, tmp_path):
    ended = command("decide", study, losses, "--out", "decision.csv")
    assert ended.code == 0
    assert "one-or-many: expected loss in points" in ended.out
    assert "Smallest expected loss: 'Compute cap in two countries" in ended.out
    assert "† rests on an illustrative loss" in ended.out
    assert "Diagnostics: trusted" in ended.out
    written = pd.read_csv(tmp_path / "decision.csv")
    assert len(written) == 6
    assert written.loc[written["over_best"] == 0, "regime"].tolist() == ["treaty_bundle"]
    assert set(written["verdict"]) == {"trusted"}
    assert set(written["unit"]) == {"points"}


def test_a_failed_verdict_is_loud(command, losses, tmp_path):
    with new_study(tmp_path / "failed") as made:
        made.write(stored("failed"))
    ended = command("decide", "failed", losses)
    assert ended.code == 2
    assert "DIAGNOSTICS FAILED: do not use these numbers." in ended.out
