"""Inspection: each ball is looked at before release; what counts is what inspection misses.

Claim: naive deception is trained away, sophisticated deception is not (Hubinger et al., "Sleeper agents",
2024, 10.48550/arXiv.2401.05566), and the best try to deceive will sometimes be to seem cured while being
tested. With sensitivity s_c of channel c (behavioural tests, chain-of-thought monitoring, interpretability,
control),

    miss = prod_c (1 - s_c)                                       channels that err independently,
    miss = a prod_c (1 - s_c,aware) + (1 - a) prod_c (1 - s_c)    aware of the test with chance a,
    miss = outside + (1 - outside) miss_inside                    deployed outside the scheme,
    halted_aligned = 1 - prod_c spec_c                            the price in false alarms.

Each kind of system, sophisticated or naive, has a miss of its own, and the two mix. Chain-of-thought monitoring
sees only what is thought in the open (Korbak et al. 2025, 10.48550/arXiv.2507.11473); a probe sees a feature only
if the expert that a router picks carries a copy of it. A technique is known by model organisms planted in
today's systems: their count, through `blackball.modelling.evidence`, informs today's sensitivity, and
`sensitivity_ahead` is that times what transfers.
"""

from __future__ import annotations

from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.ranges import Range, probability, whole, within
from blackball.mechanisms.shared_dims import has

__all__ = [
    "chain_of_thought",
    "halted_aligned",
    "miss",
    "miss_of_types",
    "miss_outside",
    "miss_when_watched",
    "redundancy",
    "routed_probe",
    "sensitivity_ahead",
]


def miss(sensitivity: Labelled, dim: str = "channel") -> Tensor:
    """Chance that a misaligned system passes every channel, when channels err independently.

    Parameters
    ----------
    sensitivity : Labelled
        Chance in [0, 1] that a channel catches a misaligned system, over `dim`.
    dim : str, optional
        Dim that counts channels.

    Returns
    -------
    XTensorVariable
        Probability without `dim`; 0 if any channel is perfect.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    return _all_miss("sensitivity", sensitivity, dim)


def miss_when_watched(
    aware: Labelled, sensitivity_aware: Labelled, sensitivity: Labelled, dim: str = "channel"
) -> Tensor:
    """Chance of a miss when the system may know that it is tested, for all channels at once.

    Parameters
    ----------
    aware : Labelled
        a, the chance that the system knows, in [0, 1].
    sensitivity_aware, sensitivity : Labelled
        Sensitivity per channel to a system that knows and to one that does not, in [0, 1]. A channel that
        does not look at behaviour has the same value in both.
    dim : str, optional
        Dim that counts channels.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    a = probability("aware", aware)
    blinded = _all_miss("sensitivity_aware", sensitivity_aware, dim)
    return a * blinded + (1 - a) * _all_miss("sensitivity", sensitivity, dim)


def miss_of_types(sophisticated: Labelled, miss_sophisticated: Labelled, miss_naive: Labelled) -> Tensor:
    """Chance of a miss over the two types of deceiver.

    Parameters
    ----------
    sophisticated : Labelled
        Share of misaligned systems that deceive with sophistication, in [0, 1].
    miss_sophisticated, miss_naive : Labelled
        Chance that inspection, all channels together, misses a system of each type, in [0, 1].

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    share = probability("sophisticated", sophisticated)
    evaded = share * probability("miss_sophisticated", miss_sophisticated)
    return evaded + (1 - share) * probability("miss_naive", miss_naive)


def miss_outside(miss: Labelled, outside: Labelled) -> Tensor:
    """Chance of a miss when a system may act where no channel looks, ``outside + (1 - outside) miss``.

    Parameters
    ----------
    miss : Labelled
        Chance that inspection misses a system inside the control scheme, in [0, 1].
    outside : Labelled
        Chance that the malign act takes place in a deployment outside it, in [0, 1].

    Returns
    -------
    XTensorVariable
        Probability with the dims of both arguments.
    """
    elsewhere = probability("outside", outside)
    return elsewhere + (1 - elsewhere) * probability("miss", miss)


def chain_of_thought(monitor: Labelled, in_forward_pass: Labelled, obfuscated: Labelled) -> Tensor:
    """Sensitivity of chain-of-thought monitoring to malign reasoning wherever it happens.

    Parameters
    ----------
    monitor : Labelled
        Chance in [0, 1] that the monitor catches malign reasoning that is written in the open.
    in_forward_pass : Labelled
        Chance in [0, 1] that the reasoning needs no written steps at all.
    obfuscated : Labelled
        Chance in [0, 1] that written reasoning is disguised.

    Returns
    -------
    XTensorVariable
        Sensitivity in [0, 1], ``monitor (1 - in_forward_pass) (1 - obfuscated)``.
    """
    written = 1 - probability("in_forward_pass", in_forward_pass)
    return probability("monitor", monitor) * written * (1 - probability("obfuscated", obfuscated))


def routed_probe(probe: Labelled, redundancy: Labelled) -> Tensor:
    """Sensitivity of a probe in a model that routes among experts: it sees what the active expert carries.

    Parameters
    ----------
    probe : Labelled
        Sensitivity of the probe where the feature is present, in [0, 1].
    redundancy : Labelled
        q, share of experts that carry a copy of the feature, in [0, 1]: see `redundancy`.

    Returns
    -------
    XTensorVariable
        Sensitivity in [0, 1], ``probe q``.
    """
    return probability("probe", probe) * probability("redundancy", redundancy)


def redundancy(copies: Labelled, experts: int) -> Tensor:
    """Share of a model's experts that carry a copy of a feature, ``copies / experts``.

    Parameters
    ----------
    copies : Labelled
        Experts that carry one, in [0, `experts`]; real, so that it may be unsure.
    experts : int
        k, the experts among which a router picks one, each as often.

    Returns
    -------
    XTensorVariable
        q in [0, 1].

    Raises
    ------
    ModelError
        If `experts` is no whole number of at least 1, or known copies are outside their range.
    """
    k = whole("experts", experts)
    return within(Range("copies", 0.0, k), copies) / k


def halted_aligned(specificity: Labelled, dim: str = "channel") -> Tensor:
    """Chance that some channel raises a false alarm on an aligned system: the price of inspection.

    Parameters
    ----------
    specificity : Labelled
        Chance in [0, 1] that a channel passes an aligned system, over `dim`.
    dim : str, optional
        Dim that counts channels.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    return 1 - has(dim, "specificity", probability("specificity", specificity)).prod(dim)


def sensitivity_ahead(today: Labelled, transfer: Labelled, induced: Labelled = 1.0) -> Tensor:
    """Sensitivity to the systems that matter, of a technique that was tried on today's.

    Parameters
    ----------
    today : Labelled
        Sensitivity to model organisms planted in today's systems, in [0, 1].
    transfer : Labelled
        Share of it that survives the next threshold, in [0, 1].
    induced : Labelled, optional
        Share of it that carries over from the goals induced in model organisms to goals that arise by
        themselves, in [0, 1]; 1 where the goals that were caught were not induced.

    Returns
    -------
    XTensorVariable
        Sensitivity in [0, 1], never above today's: a failed test bounds the future, a passed one does not.
    """
    carried_over = probability("transfer", transfer) * probability("induced", induced)
    return probability("today", today) * carried_over


def _all_miss(name: str, sensitivity: Labelled, dim: str) -> Tensor:
    """Return the chance that every channel misses."""
    return (1 - has(dim, name, probability(name, sensitivity))).prod(dim)
