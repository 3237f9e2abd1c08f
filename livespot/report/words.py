"""The measures of a candidate in plain words; what became of it is said by its record (classify.decision)."""

from collections.abc import Callable, Sequence
from math import exp

from livespot.spotting.classify.decision import Reason

LEAST_WEIGHT = 0.25  # log-odds: what counts for less is not worth a word
MOST_REASONS = 3  # a side


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.0f} %"


# The values are what classify.confidence measures; most are logarithms, which nobody should have to read.
MEASURES: dict[str, Callable[[float], str]] = {
    "peak": lambda v: f"at its strongest {exp(v):.1f} times the threshold",
    "mean": lambda v: f"{max(0.0, exp(v) - 0.05):.1f} times the threshold on average",
    "ring": lambda v: f"what lies around it differs {_percent(exp(v))} as much",
    "area": lambda v: f"covers {exp(v) / 100:.2g} % of the picture",
    "pixels": lambda v: f"{exp(v):.0f} pixels",
    "one_sided": lambda v: f"print in one picture that the other lacks: {_percent(v)}",
    "shift": lambda v: f"a shift of up to 3 px would leave {_percent(v)} of it",
    "fill": lambda v: f"fills {_percent(v)} of its box",
    "elongation": lambda v: f"{exp(v):.1f} times as long as wide",
    "depth": lambda v: (
        "reaches well into the picture" if v >= 1 else f"reaches only {3 * v:.1f} % of the picture in from its rim"
    ),
    "clear": lambda v: (
        "clear of the picture's rim"
        if v >= 1
        else "at the very rim of the picture"
        if v < 0.25
        else f"only {v:.1f} % of the picture from its rim"
    ),
    "error": lambda v: f"registration {v:.1f} px off here",
    "noise": lambda v: f"threshold here {14 * exp(v):.0f} grey levels",
    "coherence": lambda v: f"{_percent(v)} of the change goes one way, lighter or darker",
    "correlation": lambda v: f"in and around it the pictures agree to {_percent(v)}",
    "thickness": lambda v: f"{2 * exp(v):.0f} px thick",
    "crowd": lambda v: f"one of {exp(v):.0f} regions",
    "texture": lambda v: f"print inside it: {max(0.0, exp(v) - 1):.1f} grey levels a px",
    "gradients": lambda v: f"differs by {exp(v):.1f} times what a shift of 1 px would make",
    "wide": lambda v: f"smoothed widely still {max(0.0, exp(v) - 0.05):.1f} times the threshold",
    "edge": lambda v: f"just outside it the difference falls to {100 * v:.0f} %",
    "bright": lambda v: f"{_percent(v)} of it is nearly white",
    "chroma": lambda v: f"{_percent(v)} of the change is colour",
    "close": lambda v: f"in it the pictures agree to {_percent(v)}",
    "standing": lambda v: f"its peak is {exp(v):.1f} times what is usual around it",
    "fine": lambda v: f"around it the finest print agrees to {_percent(v)}",
    "company": lambda v: f"the surest of the other regions, looked at alone: {_percent(v)}",
    "eye": lambda v: f"the learned eye gives it {_percent(1 / (1 + exp(-v)))} on average",
    "eye_peak": lambda v: f"where it sees it best, the learned eye gives it {_percent(1 / (1 + exp(-v)))}",
    "belongs": lambda v: f"belongs to both pictures: {_percent(1 / (1 + exp(-v)))}, by the learned eye",
}


def measure(reason: Reason) -> str:
    """One measure of a candidate, in words."""
    known = MEASURES.get(reason.measure)
    return known(reason.value) if known is not None else f"{reason.measure} {reason.value:.2f}"


def speaking(reasons: Sequence[Reason], sign: int) -> list[str]:
    """What speaks for a candidate (+1) or against it (-1), strongest first."""
    heard = [r for r in reasons if sign * r.weight >= LEAST_WEIGHT]
    return [measure(r) for r in heard[:MOST_REASONS]]
