"""The command line end to end, from the built wheel, in an empty folder with no checkout beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import xarray as xr

from tests.conftest import JUDGEMENTS, ROOT, table

Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it alone into an environment that borrows this one's libraries; return its Python."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    site = next(environment.glob("lib/python*/site-packages"))
    libraries = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    wheel = next(folder.glob("*.whl"))
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    # A plain path, which does not run the borrowed environment's own .pth files, the editable install among them.
    (site / "libraries.pth").write_text(f"{libraries}\n")
    return environment / "bin" / "python"


def run(python: Path, folder: Path, *arguments: str) -> Run:
    code = "import sys; from blackball.cli import main; sys.argv[0] = 'blackball'; main()"
    command = [str(python), "-c", code, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def studied(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    folder = tmp_path_factory.mktemp("work")
    return folder, run(installed, folder, "fit", "urn", "--out", "study", "--seed", "3")


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    code = "import blackball, blackball.shipped as s; print(blackball.__file__, s.shipped('models'))"
    command = [str(installed), "-c", code]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(ROOT) not in found.stdout
    assert "_shipped" in found.stdout


def test_fit_writes_a_study_and_prints_the_answer(studied: tuple[Path, Run]) -> None:
    folder, result = studied
    assert result.returncode == 0, result.stderr
    assert "any misaligned" in result.stdout
    assert "trusted" in result.stdout
    for name in ("posterior.nc", "summary.csv", "summary.json"):
        assert (folder / "study" / name).stat().st_size > 0
    assert json.loads((folder / "study" / "summary.json").read_text())["verdict"] == "trusted"


def test_models_and_data_travel(installed: Path, tmp_path: Path) -> None:
    result = run(installed, tmp_path, "check", "one-or-many", "western-projects", "regimes.toml")
    assert result.returncode == 0, result.stderr
    assert "17 regimes" in result.stdout


def test_a_study_is_diagnosed_compared_and_exported(installed: Path, studied: tuple[Path, Run]) -> None:
    folder, _ = studied
    diagnosed = run(installed, folder, "diagnose", "study")
    assert diagnosed.returncode == 0, diagnosed.stderr
    assert "R-hat" in diagnosed.stdout
    assert "any misaligned" in run(installed, folder, "compare", "study").stdout
    assert run(installed, folder, "export", "study", "elsewhere").returncode == 0
    for name in ("summary.csv", "figures/forest.png", "figures/forest.svg"):
        assert (folder / "elsewhere" / name).stat().st_size > 0
    assert run(installed, folder, "report", "study").returncode == 0
    assert "</html>" in (folder / "study" / "report.html").read_text(encoding="utf-8")


def test_a_study_is_updated_once(installed: Path, studied: tuple[Path, Run]) -> None:
    folder, _ = studied
    row = {"expert": "urn_comment", "question": "misaligned", "round": 2, "form": "odds", "value": "1:4"}
    (folder / "new.csv").write_text(table(JUDGEMENTS, [row]))
    updated = run(installed, folder, "update", "study", "new.csv")
    assert updated.returncode == 0, updated.stderr
    assert "1 new row by urn_comment" in updated.stdout
    assert (folder / "study" / "history" / "0000.nc").exists()
    with xr.open_datatree(folder / "study" / "posterior.nc", engine="netcdf4") as fit:
        assert fit.attrs["state"] == 1
        assert fit["history"].sizes["entry"] == 1
    again = run(installed, folder, "update", "study", "new.csv")
    assert again.returncode == 1
    assert "new.csv" in again.stderr
    assert "Traceback" not in again.stderr
