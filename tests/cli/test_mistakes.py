"""A mistake ends with one message and exit code 1, and nothing is written."""

from __future__ import annotations

import pytest

from tests.cli.conftest import listing

BAD_MODEL = "def build(panel, regimes, experts):\n    raise ValueError('gap')\nPANEL = 'urn'\n"
LOSSES = "outcome,at,regime,loss,unit,source\n"


@pytest.fixture
def inputs(tmp_path):
    """Files with a mistake in each, and a folder that is not empty."""
    (tmp_path / "bad.toml").write_text("[[")
    (tmp_path / "raises.py").write_text(BAD_MODEL)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("precious")
    (tmp_path / "new.csv").write_text("expert,question\nann,doom\n")
    header = "expert,question,form,value,source\n"
    (tmp_path / "empty.csv").write_text(header)
    (tmp_path / "stranger.csv").write_text(f"{header}eve,misaligned,point,.1,made for a test\n")
    (tmp_path / "few.csv").write_text(f"{LOSSES}catastrophe,horizon=2100,licensing,1,points,made for a test\n")
    (tmp_path / "word.csv").write_text(f"{LOSSES}catastrophe,horizon=2100,,dear,points,made for a test\n")
    return tmp_path


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["fit", "nonsense"], "nonsense: no model file can be read there"),
        (["fit", "urn", "--panel", "nowhere"], "nowhere/judgements.csv: no such file"),
        (["fit", "one-or-many", "--regimes", "bad.toml"], "bad.toml: is not valid TOML"),
        (["fit", "urn", "--regimes", "regimes.toml"], "the model has no regimes; leave "),
        (["fit", "urn", "--panel", "western-projects"], "column regime has "),
        (["fit", "raises.py"], "raises.py, line 2: the model raises ValueError: gap"),
        (["fit", "urn", "--out", "full"], "full: the folder is not empty"),
        (["fit", "urn", "--out", "raises.py"], "raises.py: is a file"),
        (["fit", "urn", "--out", "raises.py/x"], "raises.py/x: cannot create the study: Not a directory"),
        (["fit", "urn", "--draws", "3"], "--draws"),
        (["fit", "urn", "--chains", "many"], "--chains"),
        (["fit", "urn", "--seed", "-1"], "--seed"),
        (["fit", "urn", "--experts", "oracle"], "'oracle' is not one of 'mixture', 'consensus'"),
        (["fit", "urn", "--nonsense"], "No such option: --nonsense"),
        (["fit"], "Missing argument"),
        (["nonsense"], "No such command 'nonsense'"),
        (["aggregate", "nowhere"], "nowhere/judgements.csv: no such file"),
        (["aggregate", "urn", "--by", "mixtur"], "unknown method; did you mean 'mixture'"),
        (
            ["aggregate", "urn", "--by", "quantile-mean"],
            "urn_comment: a bare point has no distribution",
        ),
        (["aggregate", "urn", "--out", "new.csv"], "new.csv: is there already; name a new file"),
        (["aggregate", "urn", "--out", "no/where.csv"], "no/where.csv: cannot be written: no folder no"),
        (["score", "urn"], "urn: has 0 seed questions: cross-validation needs two or more"),
        (["score", "urn", "--method", "oracle"], "unknown method"),
        (["score", "nowhere.dtt"], "nowhere.dtt: no such file"),
        (["crossvalidate", "urn", "urn"], "two panels have this name"),
        (["crossvalidate", "urn", "--reference", "best"], "method has 'best': unknown method"),
        (["crossvalidate", "urn", "--scheme", "loo"], "'loo' is not one of 'leave-one-out'"),
        (["crossvalidate", "urn", "--workers", "0"], "--workers"),
        (["compare", "full"], "full: holds no study"),
        (["compare", "study", "--weight", "x"], "--weight has 'x': must be OUTCOME=NUMBER"),
        (["compare", "study", "--weight", "extinktion=1"], "valid: catastrophe, power_concentration"),
        (["compare", "study", "--weight", "catastrophe=nan"], "a weight must be a finite number"),
        (["decide", "full", "few.csv"], "full: holds no study"),
        (["decide", "study", "nowhere.csv"], "nowhere.csv: no such file"),
        (["decide", "study", "new.csv"], "new.csv, row 1, column outcome: lacks this column"),
        (["decide", "study", "word.csv"], "word.csv, row 2, column loss has 'dear': must be a finite number"),
        (["decide", "study", "few.csv"], "is stated for some regimes and not for status_quo, open_race"),
        (["decide", "study", "few.csv", "--out", "new.csv"], "new.csv: is there already; name a new file"),
        (["attribute", "full", "--remove", "theft:stolen=0"], "full: holds no study"),
        (["attribute", "study"], "--remove: name at least one mechanism"),
        (["attribute", "study", "--remove", "stolen=0"], "--remove has 'stolen=0': must be MECHANISM:VARIABLE=NUMBER"),
        (["attribute", "study", "--remove", "theft:stolen=none"], "--remove has 'theft:stolen=none': must be"),
        (["attribute", "study", "--remove", "a:b=0", "--out", "new.csv"], "new.csv: is there already"),
        (["sensitivity", "full"], "full: holds no study"),
        (["sensitivity", "study", "--outcome", "catastrofe"], "unknown outcome; did you mean 'catastrophe'"),
        (["sensitivity", "study", "--regime", "none"], "sensitivity, regime has 'none': unknown regime"),
        (["sensitivity", "study", "--out", "full"], "full: the folder is not empty"),
        (["sensitivity", "study", "--out", "new.csv"], "new.csv: is a file; name a new or empty folder"),
        (["sensitivity", "study", "--out", "new.csv/x"], "new.csv/x: cannot be written: new.csv is no folder"),
        (["ask", "nowhere"], "nowhere: holds no study"),
        (["ask", "study", "--weight", "extinktion=1"], "valid: catastrophe, power_concentration"),
        (["ask", "study", "--at", "horizon=2040"], "valid: horizon=2030, horizon=2050, horizon=2100"),
        (["ask", "study", "--costs", "nowhere.csv"], "nowhere.csv: no such file"),
        (["ask", "study", "--costs", "new.csv"], "new.csv, row 1, column cost: lacks this column"),
        (["ask", "study", "--out", "new.csv"], "new.csv: is there already"),
        (["ask", "study", "--top", "0"], "--top"),
        (["diagnose", "nowhere"], "nowhere: holds no study"),
        (["leave-out", "study", "--out", "new.csv"], "new.csv/results: cannot be made"),
        (["leave-out", "study", "--cluster", "nowhere"], "cluster 'nowhere': no Dask scheduler answers there"),
        (["crossvalidate", "urn", "--cluster", "nowhere"], "cluster 'nowhere': no Dask scheduler answers there"),
        (["calibrate", "urn", "--out", "new.csv"], "new.csv/results: cannot be made"),
        (["calibrate", "urn", "--cluster", "nowhere"], "cluster 'nowhere': no Dask scheduler answers there"),
        (["export", "study", "full"], "full: the folder is not empty"),
        (["export", "study", "study"], "study: the folder is not empty"),
        (["update", "full", "new.csv"], "full: holds no study"),
        (["update", "study", "nowhere.csv"], "nowhere.csv: no such file"),
        (["update", "study", "new.csv"], "new.csv, row 1, column form: lacks this column"),
        (["update", "study"], "urn: nothing to update: no judgement"),
        (["update", "study", "empty.csv"], "empty.csv: is empty: it needs at least one row of judgements"),
        (["update", "study", "stranger.csv"], "'eve': unknown expert"),
        (["update", "study", "stranger.csv"], "`--add-experts FILE`"),
        (["update", "study", "--withdraw", "new.csv"], "new.csv, row 2, column expert has 'ann': unknown expert"),
        (["update", "study", "--withdraw", "nowhere.csv"], "nowhere.csv: no such file"),
        (["update", "study", "--add-experts", "nowhere.csv"], "nowhere.csv: no such file"),
        (["history", "full"], "full: holds no study"),
        (["history", "study", "--at", "1"], "study: has no state 1; its states are 0 to 0"),
        (["history", "study", "--out", "full"], "--out has 'full': needs --at"),
        (["history", "study", "--at", "0", "--out", "full"], "full: the folder is not empty"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_and_nothing_is_written(command, inputs, study, args, says):
    before = listing(inputs)
    ended = command(*args)
    assert says in ended.err
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert listing(inputs) == before


def test_no_verb_prints_help(command):
    ended = command()
    assert ended.code == 1
    assert "Commands" in ended.out + ended.err
    assert "(see" not in ended.err


def test_a_damaged_study_is_told_and_left_alone(command, study):
    (study / "posterior.nc").write_bytes(b"half")
    before = listing(study)
    for verb in (["compare"], ["diagnose"], ["export"], ["update"]):
        ended = command(*verb, study, *(["elsewhere"] if verb[0] in ("export", "update") else []))
        assert (ended.code, "is damaged or no study" in ended.err) == (1, True)
    assert listing(study.parent) == {"study": b"", **{f"study/{name}": data for name, data in before.items()}}


def test_a_study_that_another_process_writes_is_refused(command, study, tmp_path):
    from blackball.store import open_study

    (tmp_path / "new.csv").write_text("expert\n")
    with open_study(study).locked():
        ended = command("update", study, "new.csv")
    assert ended.code == 1
    assert "another process is writing this study" in ended.err
