"""What is held on the canonical panel, laid onto both panels of a frame.

In: the differences held, the registration (key frame px) and the frame's pose. Out: Differences in frame px.
"""

from collections.abc import Iterable

from livespot import geometry
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.results import Difference
from livespot.spotting.temporal.tracker import Pose
from livespot.spotting.temporal.tracks import TrackedDifference


def projected(held: Iterable[TrackedDifference], registration: Registration, pose: Pose) -> tuple[Difference, ...]:
    """The differences `held`, quads in px of the frame that `pose` is of."""
    known = tuple(held)
    if not known:
        return ()
    boxes = [one.box for one in known]  # all together: this is done for every frame
    on_a = geometry.apply(pose.a, registration.corners_on_a(boxes)).reshape(-1, 4, 2)
    on_b = geometry.apply(pose.b, registration.corners_on_b(boxes)).reshape(-1, 4, 2)
    return tuple(
        Difference(one.id, one.kind, one.confidence, one.box, a, b, one.remembered)
        for one, a, b in zip(known, on_a, on_b, strict=True)
    )
