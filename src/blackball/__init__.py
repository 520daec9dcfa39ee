"""How likely a catastrophe is under each way of governing AI.

Expert judgements about the premises and the conclusions of an explicit argument enter one joint posterior;
what comes out is P(catastrophe) per regime, with what says whether to believe it.
"""

from __future__ import annotations

from importlib import import_module

__all__ = [
    "BlackballError",
    "Comparison",
    "Decision",
    "InputError",
    "ModelError",
    "Panel",
    "Regimes",
    "RiskModel",
    "Sensitivity",
    "Settings",
    "SetupError",
    "StudyError",
    "aggregate",
    "ask",
    "attribute",
    "calibrate",
    "compare",
    "convert",
    "crossvalidate",
    "decide",
    "diagnose",
    "export",
    "fit",
    "history",
    "hyperpriors",
    "leave_out",
    "load_model",
    "open_study",
    "read_panel",
    "read_regimes",
    "report",
    "score",
    "sensitivity",
    "update",
    "what_if",
]

_HOME = {
    "BlackballError": "errors",
    "Comparison": "decisions",
    "Decision": "decisions",
    "InputError": "errors",
    "ModelError": "errors",
    "Panel": "panel",
    "Regimes": "regimes",
    "RiskModel": "risk_model",
    "Sensitivity": "decisions",
    "Settings": "inference",
    "SetupError": "errors",
    "StudyError": "errors",
    "aggregate": "api",
    "ask": "api",
    "attribute": "api",
    "calibrate": "api",
    "compare": "reporting.compared",
    "convert": "panel",
    "crossvalidate": "api",
    "decide": "api",
    "diagnose": "inference",
    "export": "api",
    "fit": "api",
    "history": "decisions",
    "hyperpriors": "api",
    "leave_out": "api",
    "load_model": "risk_model",
    "open_study": "store",
    "read_panel": "panel",
    "read_regimes": "regimes",
    "report": "api",
    "score": "api",
    "sensitivity": "api",
    "update": "api",
    "what_if": "api",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import blackball` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'blackball' has no attribute {name!r}")
    if _HOME[name] in ("api", "risk_model"):
        # Before all else that uses PyTensor, here as on the command line: it applies its rewrites in the order in which
        # they were imported, and the order decides how sums round.
        import_module("blackball.inference")
    return getattr(import_module(f"blackball.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
