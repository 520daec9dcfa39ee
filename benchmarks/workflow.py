"""How long a user waits after the fit: update, leave out, report, decide, sensitivity; writes `benchmarks/workflow.md`.

    .venv/bin/python benchmarks/workflow.py

On an otherwise idle machine; about four minutes on two cores. Each step stands beside what one would do without it.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import blackball as bb
from blackball.panel import Panel
from blackball.shipped import shipped

HERE = Path(__file__).parent
SOURCE = "made for a benchmark"
EXPERTS = 20
LOSSES = f"outcome,at,regime,loss,unit,source\ncatastrophe,horizon=2100,,100,points,{SOURCE}\n"
NEW = ("status_quo", "open_race", "liability", "voluntary", "licensing", "compute_cap_us", "treaty_bundle", "pause")
FEW = ("one_project", "joint_project")


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the least wall seconds of some runs."""
    runs = []
    for _ in range(times):
        started = perf_counter()
        work()
        runs.append(perf_counter() - started)
    return min(runs)


def new_judgements(folder: Path) -> Path:
    """Write ten new judgements of the default panel by one expert."""
    rows = [f"illustrative,power_concentration,{regime},,2,point,,0.06,{SOURCE}" for regime in NEW]
    rows += [f"illustrative,power_concentration,{regime},,2,point,,0.15,{SOURCE}" for regime in FEW]
    path = folder / "new.csv"
    path.write_text("\n".join(["expert,question,regime,given,round,form,level,value,source", *rows, ""]))
    return path


def many_experts(folder: Path) -> Panel:
    """Return a panel of the urn in which twenty experts judge one draw."""
    folder.mkdir()
    said = [
        f"e{number},misaligned,quantile,{level},{value * (1 + number / EXPERTS):.4f},{SOURCE}"
        for number in range(EXPERTS)
        for level, value in ((0.05, 0.01), (0.5, 0.05), (0.95, 0.2))
    ]
    (folder / "judgements.csv").write_text("\n".join(["expert,question,form,level,value,source", *said]))
    people = "".join(f"e{number},{SOURCE}\n" for number in range(EXPERTS))
    (folder / "experts.csv").write_text("expert,source\n" + people)
    asked = f"misaligned,Probability that one given draw is misaligned.,probability,{SOURCE}\n"
    (folder / "questions.csv").write_text("question,text,support,source\n" + asked)
    return bb.read_panel(folder)


def command(*arguments: str) -> float:
    """Return the wall seconds of a command."""
    run = [str(Path(sys.executable).parent / "blackball"), *arguments]
    return seconds(lambda: subprocess.run(run, capture_output=True, check=False), times=1)


def measured(folder: Path) -> dict[str, tuple[float, float | None]]:
    """Return the seconds of each step, and of doing it by fits from scratch where that is what one would do."""
    data = shipped("data")
    panel, regimes = bb.read_panel(data / "western-projects"), bb.read_regimes(data / "regimes.toml")
    fit = bb.fit("one-or-many", panel, regimes)
    again = seconds(lambda: bb.fit("one-or-many", panel, regimes))
    new, losses, crowd = new_judgements(folder), folder / "losses.csv", many_experts(folder / "crowd")
    losses.write_text(LOSSES)
    bb.export(fit, folder / "study")
    crowded = bb.fit("urn", crowd)
    alone = seconds(lambda: bb.fit("urn", crowd))
    return {
        "update by weights, 10 judgements, in process": (seconds(lambda: bb.update(fit, new)), again),
        "the same as a command, tables written": (command("update", f"{folder / 'study'}", f"{new}"), None),
        f"leave out each of {EXPERTS} experts of the urn, compile included": (
            seconds(lambda: bb.leave_out(crowded, workers=2), times=1),
            EXPERTS * alone,
        ),
        "report": (seconds(lambda: bb.report(fit, folder / "report.html")), None),
        "decide": (seconds(lambda: bb.decide(fit, losses)), None),
        "sensitivity, all results and quantities": (seconds(lambda: bb.sensitivity(fit), times=1), None),
    }


def main() -> None:
    """Measure, write and print the page."""
    with TemporaryDirectory() as folder:
        found = measured(Path(folder))
    rows = [
        f"| {name} | {took:.1f} | {f'{beside:.1f} ({beside / took:.1f} times as long)' if beside else ''} |"
        for name, (took, beside) in found.items()
    ]
    page = f"""# After the fit

Made by `benchmarks/workflow.py` with Python {platform.python_version()} on {os.cpu_count()} cores. `one-or-many` with
its 17 regimes and 4,000 draws, unless another model is named; what is compiled or imported once is left out.

| step | seconds | by fits from scratch |
|---|---:|---:|
{chr(10).join(rows)}

`ask` has a [page of its own](asking.md), and so have [fits](speed.md) and [panels](panels.md).
"""
    (HERE / "workflow.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
