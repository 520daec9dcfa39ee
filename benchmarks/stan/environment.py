"""An environment of its own for pystan, whose compiled models do not load under Python 3.13."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["stan_python"]

FOLDER = Path(__file__).parent / ".venv"
PYSTAN = "pystan==3.14.0"
HOME = Path.home()


def stan_python() -> Path:
    """Return a Python 3.12 with pystan; the first time it is made.

    Raises
    ------
    SystemExit
        If no Python 3.12 is found, or pystan cannot be installed.
    """
    python = FOLDER / "bin" / "python"
    if not _says(python, "import stan"):
        _run(_python_312(), "-m", "venv", "--clear", str(FOLDER))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYSTAN)
    return python


def _python_312() -> str:
    """Find a Python 3.12; a name on the PATH may be a version manager's shim that fails, so every candidate is run."""
    managed = [
        (Path(os.environ.get("PYENV_ROOT", HOME / ".pyenv")) / "versions", "3.12*/bin/python"),
        (HOME / ".local/share/uv/python", "cpython-3.12*/bin/python3"),
        (HOME / ".local/share/mise/installs/python", "3.12*/bin/python"),
    ]
    candidates = ["python3.12", "python3", *(str(path) for folder, pattern in managed for path in folder.glob(pattern))]
    for candidate in candidates:
        if _says(candidate, "import sys, venv, ensurepip; assert sys.version_info[:2] == (3, 12)"):
            return candidate
    raise SystemExit(
        "the comparison with Stan needs Python 3.12 with venv, and none was found: install one, as python3.12"
    )


def _says(python: str | Path, code: str) -> bool:
    """Whether a Python runs some code without an error."""
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the comparison with Stan cannot be set up: {' '.join(command)}\n{done.stderr.strip()}")
