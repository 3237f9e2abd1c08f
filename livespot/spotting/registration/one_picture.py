"""Whether two registered pictures are prints of one picture, by how much of their print they have in common.

In: a registration and its pictures. Out: yes or no.
"""

from livespot.frame import Image
from livespot.spotting.registration.agreement import common_share, softened
from livespot.spotting.registration.residual_warp import Registration

COMMON = 0.55  # share of the gradients' energy that two prints of one picture have in common; real pages have 0.75 on
NOISY = 0.45  # the same in a webcam's worst noise: with less there is nothing to compare


def agrees(registration: Registration, image_a: Image, image_b: Image, asked: float = COMMON) -> bool:
    """Whether what was registered has as much print in common as is asked of two prints of one picture."""
    one, two = softened(registration.sample_a(image_a)), softened(registration.sample_b(image_b))
    return common_share(one, two, registration.inside(image_a.shape, image_b.shape)) >= asked
