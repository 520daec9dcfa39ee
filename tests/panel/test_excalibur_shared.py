"""Thirty published studies, as their authors left them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from blackball.panel import Panel, encode, fingerprint, read_excalibur, read_panel, write_excalibur, write_panel

WIDTHS = {"probability": 1.0, "positive": 1.0, "bounded": 1.0, "real": 1.0}


@pytest.fixture(scope="module")
def studies(shared_data: Path) -> dict[str, Panel]:
    paths = [path for path in sorted((shared_data / "panels").iterdir()) if path.suffix.lower() == ".dtt"]
    assert len(paths) == 30
    return {path.name: read_excalibur(path) for path in paths}


def test_experts_seeds_and_quantiles_are_as_published(shared_data, studies):
    with (shared_data / "panels" / "baselines.csv").open(encoding="utf-8") as file:
        published = {row["study"]: [int(row[key]) for key in ("E", "n", "q")] for row in csv.DictReader(file)}
    found = {
        panel.name: [
            len(panel.experts),
            int(panel.questions["realisation"].notna().sum()),
            panel.judgements["probability"].nunique(),
        ]
        for panel in studies.values()
    }
    assert found == published


def test_each_comes_back_from_being_written(studies, tmp_path):
    for name, panel in studies.items():
        again = read_excalibur(write_excalibur(panel, tmp_path / name)[0])
        for frame in ("judgements", "experts", "questions"):
            pd.testing.assert_frame_equal(getattr(again, frame), getattr(panel, frame), obj=f"{name}, {frame}")


def tidy(data: bytes) -> list[bytes]:
    """Return lines without what differs between studies: the case of scales, and which number means missing."""
    lines = data.upper().rstrip().split(b"\n")
    return [re.sub(rb"-9\.99[0-9]00E\+0002", b"-9.99500E+0002", line).rstrip() for line in lines]


def test_the_lines_are_written_as_excalibur_writes_them(shared_data, studies, tmp_path):
    differing = {}
    for name, panel in studies.items():
        written = tidy(write_excalibur(panel, tmp_path / name)[0].read_bytes())
        original = tidy((shared_data / "panels" / name).read_bytes())
        differing[name] = sum(ours != theirs for ours, theirs in zip(written, original, strict=True))
    # In one study each expert's name stands again behind the first item, and two answers are a lone 95 % quantile.
    assert {name: count for name, count in differing.items() if count} == {"IceSheet2012.dtt": 12}


def test_realisations_are_joined_by_name(shared_data, studies):
    """In this study the realisations are numbered otherwise than the answers."""
    data = (shared_data / "panels" / "San Diego.rls").read_bytes().decode("cp1252")
    named = {line[5:20].strip(): float(line[20:35]) for line in data.split("\n") if line.strip()}
    seeds = studies["San Diego.dtt"].questions.dropna(subset="realisation")
    assert dict(zip(seeds["question"], seeds["realisation"], strict=True)) == {
        name: value for name, value in named.items() if not -1000 <= value <= -990
    }
    assert len(seeds) == 10


def test_each_can_be_kept_as_csv_and_reckoned_with(studies, tmp_path):
    for name, panel in studies.items():
        write_panel(panel, tmp_path / panel.name)
        assert fingerprint(read_panel(tmp_path / panel.name)) == fingerprint(panel), name
        encoded = encode(panel, default_width=WIDTHS)
        assert encoded.sizes["expert"] == len(panel.experts)
        assert int(encoded["realisation"].notnull().sum()) == panel.questions["realisation"].notna().sum()
