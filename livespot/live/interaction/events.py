"""What the window hands to the interaction, and what a click leaves on screen for a moment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mouse:
    """kind: "down", "up", "move", "twice" (left button), "right" (its button went down), "wheel". x, y: canvas px.

    held: left is down. notches: of the wheel, above 0 away from the person.
    """

    kind: str
    x: int
    y: int
    held: bool = False
    notches: float = 0.0


@dataclass(frozen=True)
class Echo:
    """Where a guess was clicked, canvas px, and whether it was right."""

    x: int
    y: int
    right: bool
    until: float
