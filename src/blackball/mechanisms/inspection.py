"""Inspection: each ball is looked at before release; what counts is what inspection misses.

Claim: naive deception is trained away, sophisticated deception is not (Hubinger et al., "Sleeper agents",
2024, 10.48550/arXiv.2401.05566), and the best try to deceive will sometimes be to seem cured while being
tested. With sensitivity s_c of channel c (behavioural tests, chain-of-thought monitoring, interpretability,
control),

    miss = prod_c (1 - s_c)                                       channels that err independently,
    miss = a prod_c (1 - s_c,aware) + (1 - a) prod_c (1 - s_c)    aware of the test with chance a,
    halted_aligned = 1 - prod_c spec_c                            the price in false alarms.

Chain-of-thought monitoring sees only what is thought in the open (Korbak et al. 2025,
10.48550/arXiv.2507.11473).
"""

from __future__ import annotations

from blackball.mechanisms.labelled import Labelled, Tensor, labelled

__all__ = [
    "chain_of_thought",
    "halted_aligned",
    "miss",
    "miss_of_types",
    "miss_when_watched",
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
    """
    return (1 - labelled(sensitivity)).prod(dim)


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
    """
    a = labelled(aware)
    return a * miss(sensitivity_aware, dim) + (1 - a) * miss(sensitivity, dim)


def miss_of_types(sophisticated: Labelled, miss_sophisticated: Labelled, miss_naive: Labelled) -> Tensor:
    """Chance of a miss over the two types of deceiver.

    Parameters
    ----------
    sophisticated : Labelled
        Share of misaligned systems that deceive with sophistication, in [0, 1].
    miss_sophisticated, miss_naive : Labelled
        Chance that inspection misses a system of each type, in [0, 1].

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    share = labelled(sophisticated)
    return share * labelled(miss_sophisticated) + (1 - share) * labelled(miss_naive)


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
        Sensitivity in [0, 1].
    """
    return labelled(monitor) * (1 - labelled(in_forward_pass)) * (1 - labelled(obfuscated))


def routed_probe(probe: Labelled, redundancy: Labelled) -> Tensor:
    """Sensitivity of a probe in a model that routes among experts: it sees what the active expert carries.

    Parameters
    ----------
    probe : Labelled
        Sensitivity of the probe where the feature is present, in [0, 1].
    redundancy : Labelled
        Share of experts that carry a copy of the feature, in [0, 1].

    Returns
    -------
    XTensorVariable
        Sensitivity in [0, 1].
    """
    return labelled(probe) * labelled(redundancy)


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
    """
    return 1 - labelled(specificity).prod(dim)


def sensitivity_ahead(today: Labelled, transfer: Labelled) -> Tensor:
    """Sensitivity to the systems that matter, of a technique that was tried on today's.

    Parameters
    ----------
    today : Labelled
        Sensitivity to model organisms planted in today's systems, in [0, 1].
    transfer : Labelled
        Share of it that survives the next threshold, in (0, 1).

    Returns
    -------
    XTensorVariable
        Sensitivity in [0, 1], never above today's: a failed test bounds the future, a passed one does not.
    """
    return labelled(today) * labelled(transfer)
