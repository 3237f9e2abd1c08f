"""What is held on the canonical panel, laid onto both panels of a frame.

In: the differences held, the registration (key frame px) and the frame's pose. Out: Differences in frame px.
"""

from __future__ import annotations

from collections.abc import Iterable

from livespot import geometry
from livespot.spotting.findings import Difference
from livespot.spotting.identity import Held
from livespot.spotting.registration import Registration
from livespot.spotting.tracking import Pose


def projected(held: Iterable[Held], registration: Registration, pose: Pose) -> tuple[Difference, ...]:
    """The differences `held`, quads in px of the frame that `pose` is of."""
    result = []
    for one in held:
        a = geometry.apply(pose.a, registration.box_on_a(one.box))
        b = geometry.apply(pose.b, registration.box_on_b(one.box))
        result.append(Difference(one.id, one.kind, one.confidence, one.box, a, b, one.remembered))
    return tuple(result)
