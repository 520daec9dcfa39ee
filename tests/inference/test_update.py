"""Updates of one small fit: by weights and by new fits alike they give the posterior given all judgements."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import blackball as bb
from blackball.inference import Settings, fit, update
from blackball.inference.prior import prior_draws
from blackball.inference.reweigh import unlike
from blackball.panel import Revision, fingerprint, panel_of_fit, read_panel, revise
from blackball.risk_model import load_model
from tests.conftest import EXPERTS, JUDGEMENTS, ROOT, quantiles, table
from tests.inference.mcse import mcse

FIRST = quantiles("illustrative", "any_misaligned_10", (0.05, 0.17, 0.5), round=2)
SECOND = [{"expert": "urn_comment", "question": "misaligned", "round": 2, "form": "point", "value": 0.06}]
FAR = quantiles("illustrative", "any_misaligned_10", (0.9, 0.95, 0.99), round=2)


@pytest.fixture(scope="module")
def fitted() -> xr.DataTree:
    return fit(load_model("urn"), read_panel(ROOT / "data" / "urn"), settings=Settings(seed=4, draws=2000))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of judgements that come in, one that names some to withdraw, and one of an expert who joins."""
    folder = tmp_path_factory.mktemp("update")
    rows = {"first": FIRST, "second": SECOND, "both": [*FIRST, *SECOND], "far": FAR}
    for name, these in rows.items():
        (folder / f"{name}.csv").write_text(table(JUDGEMENTS, these))
    (folder / "back.csv").write_text(
        "expert,question,round\nillustrative,any_misaligned_10,2\nurn_comment,misaligned,2\n"
    )
    (folder / "cyd.csv").write_text(table(EXPERTS, [{"expert": "cyd"}]))
    (folder / "by_cyd.csv").write_text(table(JUDGEMENTS, quantiles("cyd", "any_misaligned_10", (0.1, 0.25, 0.5))))
    return folder


@pytest.fixture(scope="module")
def both(fitted: xr.DataTree, files: Path) -> xr.DataTree:
    return bb.update(fitted, files / "both.csv")


def ten(of: xr.DataTree) -> xr.DataArray:
    return of["posterior"]["any_misaligned"].sel(draws=10)


def weighted_ten(of: xr.DataTree) -> float:
    """Return the posterior mean before resampling."""
    base = of["base"]
    return float((base["posterior"]["any_misaligned"].sel(draws=10) * base["density"]["weight"]).sum())


def last(of: xr.DataTree) -> xr.Dataset:
    return of["history"].dataset.isel(entry=-1)


def gap(one: xr.DataTree, other: xr.DataTree, name: str, moment: int) -> float:
    """Return the difference of two posterior moments in Monte Carlo standard errors, the worst of all elements."""
    found = []
    for draws in zip(*(split(tree["posterior"][name] ** moment) for tree in (one, other)), strict=True):
        found.append(abs(float(draws[0].mean() - draws[1].mean())) / np.hypot(*map(mcse, draws)))
    return max(found)


def split(values: xr.DataArray) -> list[xr.DataArray]:
    dims = [dim for dim in values.dims if dim not in ("chain", "draw")]
    cells = values.stack(cell=dims) if dims else values.expand_dims("cell", -1)
    return [cells.isel(cell=place).drop_vars("cell", errors="ignore") for place in range(cells.sizes["cell"])]


def test_weights_and_a_new_fit_agree(fitted: xr.DataTree, both: xr.DataTree, files: Path) -> None:
    again = bb.update(fitted, files / "both.csv", refit=True)
    assert (last(both)["way"].item(), last(again)["way"].item()) == ("weights", "refit")
    for name in ("misaligned", "shared_fate", "any_misaligned", "recalibration"):
        for moment in (1, 2):
            assert gap(both, again, name, moment) < 4
    assert gap(fitted, again, "any_misaligned", 1) > 10  # the judgements do move it
    assert fingerprint(panel_of_fit(both)) == fingerprint(panel_of_fit(again)) == again.attrs["panel_hash"]
    # Nor is it a matter of the draws alone: what is derived of judgements is that of all of them.
    assert both["log_likelihood"]["judgements"].shape == again["log_likelihood"]["judgements"].shape
    assert both["encoded"].dataset.equals(again["encoded"].dataset)


def test_two_updates_are_one_and_never_a_posterior_of_a_posterior(
    fitted: xr.DataTree, both: xr.DataTree, files: Path
) -> None:
    first = bb.update(fitted, files / "first.csv")
    before = first.copy(deep=True)
    second = bb.update(first, files / "second.csv")
    xr.testing.assert_identical(first, before)  # an update changes nothing but what it returns
    assert second["posterior"].dataset.equals(both["posterior"].dataset)
    assert second["log_likelihood"].dataset.equals(both["log_likelihood"].dataset)
    assert not first["posterior"].dataset.equals(both["posterior"].dataset)
    assert second["base"].attrs["state"] == 0
    assert (second.attrs["state"], both.attrs["state"]) == (2, 1)
    assert second.attrs["fingerprint"] == both.attrs["fingerprint"] != first.attrs["fingerprint"]


def test_what_is_withdrawn_leaves_no_trace_but_in_the_history(
    fitted: xr.DataTree, both: xr.DataTree, files: Path
) -> None:
    back = bb.update(both, withdraw=files / "back.csv")
    xr.testing.assert_equal(back["posterior"].dataset, fitted["posterior"].dataset)
    assert back.attrs["panel_hash"] == fitted.attrs["panel_hash"]
    came, gone = bb.history(back)
    assert (came.came, came.gone, gone.came, gone.gone) == (4, 0, 0, 4)
    assert came.previous == fitted.attrs["fingerprint"]
    assert gone.previous == both.attrs["fingerprint"]
    assert gone.moves["any_misaligned[10]"] == pytest.approx(-came.moves["any_misaligned[10]"])


def test_a_correction_takes_the_place_of_what_it_corrects(both: xr.DataTree, files: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("expert,question,round\nurn_comment,misaligned,2\n")
    (tmp_path / "right.csv").write_text(table(JUDGEMENTS, [{**SECOND[0], "value": 0.09}]))
    corrected = bb.update(both, tmp_path / "right.csv", withdraw=tmp_path / "wrong.csv")
    rows = panel_of_fit(corrected).judgements
    assert rows[(rows["expert"] == "urn_comment") & (rows["round"] == 2)]["number"].tolist() == [0.09]
    assert float(ten(corrected).mean()) > float(ten(both).mean())


def test_who_moved_what_adds_up_and_is_right(fitted: xr.DataTree, both: xr.DataTree, files: Path) -> None:
    (entry,) = bb.history(both)
    total = float(ten(both).mean() - ten(fitted).mean())
    label = "any_misaligned[10]"
    assert entry.moves[label] == pytest.approx(total)
    assert entry.experts == tuple(sorted(entry.by)) == ("illustrative", "urn_comment")
    assert sum(moves[label] for moves in entry.by.values()) == pytest.approx(total)
    alone = {name: weighted_ten(bb.update(fitted, files / f"{name}.csv")) for name in ("first", "second")}
    before, after = float(ten(fitted).mean()), float(ten(both).mean())
    shapley = (alone["first"] - before + after - alone["second"]) / 2
    assert entry.by["illustrative"][label] == pytest.approx(shapley, rel=1e-9)
    assert abs(shapley - total) > 3e-3  # not all of it is by one of them


def test_weights_too_uneven_lead_to_a_new_fit(fitted: xr.DataTree, files: Path) -> None:
    updated = bb.update(fitted, files / "far.csv")
    assert last(updated)["way"].item() == "refit"
    assert "Pareto k of the weights is" in last(updated)["why"].item()
    assert "base" not in updated.children
    assert updated.attrs["verdict"] == "trusted"
    (entry,) = bb.history(updated)
    assert entry.by["illustrative"] == pytest.approx(entry.moves)
    assert entry.moves["any_misaligned[10]"] > 0.1


def test_an_expert_can_join(fitted: xr.DataTree, files: Path) -> None:
    with pytest.raises(
        bb.InputError, match=r"by_cyd\.csv, row 2, column expert has 'cyd': unknown expert.*--add-experts"
    ):
        bb.update(fitted, files / "by_cyd.csv")
    joined = bb.update(fitted, files / "by_cyd.csv", experts=files / "cyd.csv")
    assert last(joined)["way"].item() == "weights"
    assert joined["posterior"]["weight"].sizes["expert"] == fitted["posterior"]["weight"].sizes["expert"] + 1
    assert "cyd" in last(joined)["joined"].item()
    again = fit(load_model("urn"), panel_of_fit(joined), settings=Settings(seed=5, draws=2000))
    assert gap(joined, again, "any_misaligned", 1) < 4


def test_draws_that_cannot_stand_for_the_new_ones_are_told(files: Path) -> None:
    panel = read_panel(ROOT / "data" / "urn")
    model = load_model("urn").build(panel, None, "consensus")
    free = [variable.name for variable in model.free_RVs]
    base = xr.DataTree.from_dict({"posterior": prior_draws(model, 10, 1)})
    base.attrs["sampled"] = json.dumps(free)
    more = revise(panel, files / "by_cyd.csv", experts=files / "cyd.csv").applied()
    assert unlike(base, model) == ""
    assert unlike(base, load_model("urn").build(more, None, "consensus")).endswith(
        "expert, and these changed: cyd came in"
    )
    base.attrs["sampled"] = json.dumps([*free, "gone"])
    assert unlike(base, model) == "the judgements do without a variable that was sampled: gone"
    base["posterior"] = xr.DataTree(base["posterior"].dataset.drop_vars("latent"))
    assert unlike(base, model) == "the judgements bring a variable that was not sampled: latent"


def test_draws_that_failed_their_checks_are_not_weighed(
    fitted: xr.DataTree, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("blackball.inference.update")  # the function of that name hides it
    monkeypatch.setattr(module, "fit", lambda *_, **__: fitted.copy())
    failed = fitted.copy(deep=True)
    failed["diagnosis"]["status"][0] = "fail"
    updated = bb.update(failed, files / "second.csv")
    assert last(updated)["why"].item() == "the draws to be weighed failed their own checks"
    assert last(updated)["way"].item() == "refit"


def test_updates_survive_the_disk_and_can_be_taken_up_there(
    tmp_path: Path, fitted: xr.DataTree, both: xr.DataTree, files: Path
) -> None:
    from blackball.store import Study

    study = Study(tmp_path)
    study.write(fitted)
    study.write(both)
    read = study.read()
    assert bb.history(read) == bb.history(both)
    back = bb.update(read, withdraw=files / "back.csv")
    xr.testing.assert_equal(back["posterior"].dataset, fitted["posterior"].dataset)
    study.write(back)
    earlier = study.at(1)
    assert earlier["posterior"].dataset.equals(both["posterior"].dataset)
    assert earlier.attrs["fingerprint"] == bb.history(study.read())[1].previous
    assert bb.diagnose(earlier).verdict == "trusted"


def test_a_revision_says_whose_it_is(files: Path) -> None:
    panel = read_panel(ROOT / "data" / "urn")
    revision = revise(panel, files / "both.csv")
    assert isinstance(revision, Revision)
    assert revision.experts == ["illustrative", "urn_comment"]
    assert len(revision.only(["urn_comment"]).applied().judgements) == len(panel.judgements) + 1
    assert update.__module__ == "blackball.inference.update"
