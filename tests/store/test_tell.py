"""Exports and reports on disk: whole or not there."""

from __future__ import annotations

import os
from errno import EROFS
from pathlib import Path

import pytest
import xarray as xr

import blackball as bb
from blackball.errors import StudyError
from tests.reporting.report.explorable import explorable
from tests.store.conftest import listing

READ_ONLY = "Read-only file system"


def read_only(*_: object, **__: object) -> None:
    raise OSError(EROFS, os.strerror(EROFS))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[xr.DataTree, Path]:
    folder = tmp_path_factory.mktemp("exported") / "out"
    fit = explorable()
    paths = bb.export(fit, folder)
    assert all(path.exists() for path in paths)
    assert {path.name for path in paths} == {path.name for path in folder.iterdir()} - {".lock"}
    return fit, folder


def test_every_format_is_written(exported):
    _, folder = exported
    names = {path.name for path in folder.iterdir()}
    summaries = {f"summary.{suffix}" for suffix in ("csv", "json", "parquet", "md", "tex")}
    assert summaries | {"posterior.nc", "posterior.zarr", "figures"} <= names
    drawn = {path.name for path in (folder / "figures").iterdir()}
    assert {f"{name}.{suffix}" for name in ("ridge", "agreement") for suffix in ("svg", "png")} <= drawn


def test_the_zarr_store_is_the_fit(exported):
    fit, folder = exported
    with xr.open_datatree(folder / "posterior.zarr", engine="zarr", consolidated=False) as store:
        found = store.load()
    assert set(found.groups) == set(fit.groups)
    for group in ("posterior", "encoded", "regimes", "panel/judgements"):
        xr.testing.assert_equal(found[group].to_dataset(), fit[group].to_dataset())
    assert {**found.attrs} == {**fit.attrs}


def test_a_zarr_store_that_cannot_be_written_is_told_and_not_left_half(tmp_path, monkeypatch):
    monkeypatch.setattr(xr.DataTree, "to_zarr", read_only)
    with pytest.raises(StudyError, match=f"posterior.zarr: cannot write the Zarr store: {READ_ONLY}"):
        bb.export(explorable(), tmp_path / "out")
    assert set(listing(tmp_path / "out")) == {"posterior.nc"}


def test_a_report_replaces_the_one_before_at_once(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")
    fit = explorable()
    monkeypatch.setattr("blackball.api.fits.page", lambda *_: "<!doctype html>")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", read_only)
        with pytest.raises(StudyError, match=f"report.html: cannot write the report: {READ_ONLY}"):
            bb.report(fit, path)
    assert listing(tmp_path) == {"report.html": b"old"}
    assert bb.report(fit, path) == path
    assert path.read_text(encoding="utf-8") == "<!doctype html>"
    assert list(listing(tmp_path)) == ["report.html"]


def test_a_read_only_folder_is_told_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr("blackball.store.report.TemporaryFile", read_only)
    monkeypatch.setattr("blackball.api.fits.compare", lambda _: pytest.fail("worked first"))
    with pytest.raises(StudyError, match=f"cannot write the report: {READ_ONLY}"):
        bb.report(explorable(), tmp_path / "report.html")
    assert listing(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("report.pdf", "a report is one HTML file; name one that ends in .html"),
        ("folder.html", "is a folder; name a file"),
        ("nowhere/report.html", "cannot be written: no folder"),
    ],
)
def test_a_name_that_is_none_for_a_report_is_refused(tmp_path, name, says):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(StudyError, match=says):
        bb.report(explorable(), tmp_path / name)
    assert listing(tmp_path) == {}
