"""The perspective in which a page was filmed, told from how its panel A lies on its panel B.

On the page itself B is A moved by one way. In the picture that is an elation: the identity, up to its scale, plus a
matrix of rank one, whose row is the line at infinity of the page. With that line brought back to infinity, the sides of
the panels are parallel again, whatever is or is not printed along them. [Hartley and Zisserman, Multiple View
Geometry, 2nd edition, A7.3]
"""

import numpy as np

from livespot import geometry
from livespot.geometry import Homography
from livespot.spotting.registration.homography import Pairing

SINGULAR = 0.3  # second over first singular value: more of it, and B is not A moved
TURNED = 0.18  # of the eigenvalue, its imaginary part: B is A turned by ten degrees, or the page is bent as much
STEEPEST = 2.5  # times as far from the camera as the middle, no part of the picture is taken to be


def without_perspective(pairing: Pairing, shape: tuple[int, ...]) -> Homography | None:
    """px of a view in which the page has no perspective -> px of the picture, much the same around panel A's middle.

    None where the pairing does not tell. shape: of the picture, (height, width, ...).
    """
    height, width = shape[:2]
    unit = np.array([[2.0 / width, 0, -1.0], [0, 2.0 / width, -height / width], [0, 0, 1]])
    onto_b = unit @ pairing.homography @ np.linalg.inv(unit)
    values = np.linalg.eigvals(onto_b)
    own = np.median(values.real)
    if np.abs(values.imag).max() > TURNED * abs(own) or abs(own) < 1e-6:
        return None
    _, size, rows = np.linalg.svd(onto_b / own - np.eye(3))
    middle = np.append(geometry.apply(unit, np.median(pairing.matches.a, axis=0)[None])[0], 1.0)
    line = rows[0]
    depth = line @ middle
    if size[1] > SINGULAR * size[0] or abs(depth) < 1e-6:
        return None
    line = line / depth
    corners = geometry.apply(unit, geometry.rectangle(width, height))
    nearness = np.column_stack([corners, np.ones(4)]) @ line
    if nearness.min() < 1.0 / STEEPEST or nearness.max() > STEEPEST:
        return None
    flat = np.eye(3)
    flat[2] = line
    # the middle stays where it is, and so does what lies next to it
    undo = np.eye(3)
    undo[:2, :2] = np.linalg.inv(np.eye(2) - np.outer(middle[:2], line[:2]))
    undo[:2, 2] = middle[:2] - undo[:2, :2] @ middle[:2]
    view = np.linalg.inv(unit) @ np.linalg.inv(undo @ flat) @ unit
    return np.asarray(view / view[2, 2], np.float64)
