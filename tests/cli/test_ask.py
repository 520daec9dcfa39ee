from __future__ import annotations

import pandas as pd
import pytest

from blackball.store import new_study
from tests.decisions.information.drawn import drawn, governed


@pytest.fixture
def choice(tmp_path):
    with new_study(tmp_path / "choice") as made:
        made.write(governed("mixture"))
    (tmp_path / "costs.csv").write_text("expert,question,cost\n,q,0.5\n")


def test_a_study_is_asked_what_to_ask(command, choice, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    ended = command("ask", "choice", "--weight", "harm=2", "--costs", "costs.csv", "--out", "asked.csv", "--top", "3")
    assert (ended.code, ended.err) == (0, "")
    said = " ".join(ended.out.split())
    assert "made. Loss: 2 × harm. Least as things stand:" in said
    assert "Ask next: the best 3 of 7" in said
    assert "a new expert harm | " in said
    assert "± 0.0" in said
    assert "q† " in said
    assert "1 more: nothing told from 0" in said
    assert "Illustrative priors or judgements enter every gain" in said
    assert max(map(len, ended.out.splitlines())) <= 100
    table = pd.read_csv("asked.csv")
    assert len(table) == 7
    assert table.loc[table["question"] == "q", "cost"].tolist() == [0.5]


def test_without_regimes_it_says_how_much_surer_one_gets(command, tmp_path):
    with new_study(tmp_path / "study") as made:
        made.write(drawn("consensus"))
    ended = command("ask", "study")
    assert ended.code == 0
    said = " ".join(ended.out.split())
    assert "There is nothing to choose from: what counts is how much surer one gets." in said
    assert "gain" not in said.split("Ask next")[1].split("Gain:")[0]


def test_a_failed_fit_is_loud(command, tmp_path):
    failed = governed("mixture")
    failed.attrs["verdict"] = "failed"
    with new_study(tmp_path / "study") as made:
        made.write(failed)
    ended = command("ask", "study")
    assert ended.code == 2
    assert "DIAGNOSTICS FAILED: do not use these numbers." in ended.out
