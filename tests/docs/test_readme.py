"""What the README shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import blackball as bb
from blackball.cli.app import app
from blackball.risk_model import load_model, model_from_source
from blackball.shipped import shipped
from tests.docs.pages import ROOT, blocks

README = ROOT / "README.md"
SCRIPT, MODEL = blocks(README)
TEXT = README.read_text(encoding="utf-8")


def test_the_script_uses_public_names() -> None:
    compile(SCRIPT, str(README), "exec")
    used = set(re.findall(r"\bbb\.(\w+)", SCRIPT))
    assert used == {"read_panel", "load_model", "fit", "compare", "update", "export"}
    assert used <= set(bb.__all__)


def test_the_table_has_every_verb() -> None:
    verbs = [command.callback.__name__.replace("_", "-") for command in app.registered_commands if command.callback]
    assert re.findall(r"^\| `blackball ([\w-]+)", TEXT, re.MULTILINE) == verbs


def test_the_model_is_the_shipped_urn() -> None:
    panel = bb.read_panel(shipped("data") / "urn")
    shown = model_from_source("urn", str(README), MODEL).build(panel, None)
    kept = load_model("urn").build(panel, None)
    assert shown.named_vars.keys() == kept.named_vars.keys()
    assert shown["prior_mean"].get_value().tolist() == kept["prior_mean"].get_value().tolist()


def test_the_panel_is_valid(tmp_path: Path) -> None:
    shown = re.search(r"^```csv\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert shown is not None
    (tmp_path / "judgements.csv").write_text(shown[1])
    (tmp_path / "experts.csv").write_text("expert,source\nann,a test\nben,a test\n")
    (tmp_path / "questions.csv").write_text("question,text,support,source\nmisaligned,Is it?,probability,a test\n")
    assert len(bb.read_panel(tmp_path).judgements) == 4
