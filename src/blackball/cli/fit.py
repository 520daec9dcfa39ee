"""`blackball fit`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.choices import Experts, Sampler

__all__ = ["fit"]


def fit(
    model: Annotated[str, typer.Argument(help="Model file, or the name of a shipped one, such as one-or-many.")],
    *,
    panel: Annotated[Path | None, typer.Option(help="Panel folder or .dtt, or the name of a shipped one.")] = None,
    regimes: Annotated[Path | None, typer.Option(help="Regimes file (TOML).")] = None,
    out: Annotated[Path | None, typer.Option(help="New or empty folder for the study; default: MODEL-study.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same inputs and seed give the same posterior.")] = 1,
    draws: Annotated[int, typer.Option(min=25, help="Kept draws per chain.")] = 1000,
    chains: Annotated[int, typer.Option(min=1, help="Independent chains.")] = 4,
    experts: Annotated[Experts, typer.Option(help="How judgements relate to the truth.")] = Experts.mixture,
    sampler: Annotated[
        Sampler, typer.Option(help="Who draws; all draw from the same posterior. numpyro needs blackball[jax].")
    ] = Sampler.nutpie,
) -> None:
    """Fit a model to a panel under every regime, and write the study."""
    from blackball.cli.inputs import find_inputs
    from blackball.store import new_study

    risk, judgements, ways = find_inputs(model, panel, regimes)
    with new_study(out if out is not None else Path(f"{risk.name}-study")) as study:
        from blackball.cli.finish import finish
        from blackball.cli.progress import live
        from blackball.inference import Settings
        from blackball.inference import fit as fit_model

        settings = Settings(seed=seed, draws=draws, chains=chains, sampler=sampler.value)
        with live() as progress:
            fitted = fit_model(risk, judgements, ways, experts=experts.value, settings=settings, progress=progress)
        study.write(fitted)
        finish(study, fitted)
