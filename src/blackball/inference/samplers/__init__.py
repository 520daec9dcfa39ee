"""The samplers that a fit can be drawn by: one target, three ways to draw from it."""

from blackball.inference.samplers.choice import Drawn, check_installed, draw

__all__ = ["Drawn", "check_installed", "draw"]
