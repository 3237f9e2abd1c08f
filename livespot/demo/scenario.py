"""What can happen in front of the simulated webcam, as numbers; and the named scenarios.

Lengths in px are for a frame 1280 px wide and scale with it. Another one is made with dataclasses.replace.
"""

from dataclasses import dataclass, replace

from livespot.errors import UsageError


@dataclass(frozen=True)
class Scenario:
    """Parameters of one way to film a page. The defaults are a steady webcam over a flat page in good light."""

    name: str = "desk"
    size: tuple[int, int] | None = None  # frame px; None leaves it to the caller
    # the view
    fill: float = 0.9  # share of the frame that the page takes up, in its tighter direction
    pitch: float = 6.0  # degrees
    yaw: float = -3.0
    roll: float = 1.2
    k1: float = -0.04  # radial lens distortion
    k2: float = 0.01
    curl: float = 0.0  # steepest slope of the paper, degrees
    # movement
    tremor: float = 0.0  # px rms, fast
    drift: float = 0.0  # px rms, slow
    sway: float = 0.0  # degrees rms of turning
    bumps: tuple[float, ...] = ()  # seconds at which somebody knocks against it
    bump_size: float = 0.12  # share of the frame's width
    leaves: tuple[tuple[float, float], ...] = ()  # (start, end) of the page being away, seconds
    # light
    brightness: float = 1.0  # exposure, linear
    warmth: float = 0.0  # 0 daylight, 1 candle
    gradient: float = 0.12  # light falls off across the page by this share
    vignette: float = 0.12  # darkening in the frame's corners
    shade: float = 0.0  # depth of a shadow's edge across the page
    glare: float = 0.0  # strength of a reflection; from about 1.5 its middle is white
    veil: float = 0.0  # light that a reflection adds in its middle, of what white paper sends back
    glare_size: float = 0.16  # its half width, share of the page's width
    flicker: float = 0.0  # depth of mains flicker bands
    exposure_hunt: float = 0.0  # swing of the automatic exposure, stops
    # lens and sensor
    exposure: float = 0.008  # seconds; blurs what moves
    defocus: float = 0.55  # px, sigma
    focus_hunt: float = 0.0  # px, how far the autofocus goes astray now and then
    noise: float = 1.6  # grey levels rms at mid grey
    shoulder: float = 0.8  # linear light from which highlights roll off
    mosaic: bool = False  # the sensor sees one colour a pixel and makes up the others
    sharpen: float = 0.35  # the halo of cheap webcams
    jpeg: int = 88  # quality of the camera's MJPG
    # in the way
    finger: float = 0.0  # share of the time that a hand points at the page


_DESK = Scenario()
_HANDHELD = Scenario(
    "handheld", fill=0.92, tremor=1.4, drift=9.0, sway=0.7, curl=2.0, gradient=0.18, vignette=0.16, noise=2.0,
    defocus=0.6, exposure=0.012, jpeg=85,
)  # fmt: skip

SCENARIOS: dict[str, Scenario] = {
    s.name: s
    for s in (
        _DESK,
        _HANDHELD,
        replace(
            _HANDHELD, name="dim", brightness=0.3, warmth=0.6, noise=5.5, gradient=0.35, exposure=0.03, tremor=1.1,
            jpeg=78, defocus=0.8,
        ),
        replace(_HANDHELD, name="curled", curl=11.0, shade=0.25),
        replace(_HANDHELD, name="glare", glare=1.7, glare_size=0.115, gradient=0.22, curl=3.0),
        replace(_HANDHELD, name="finger", finger=0.6),
        replace(_HANDHELD, name="bump", fill=0.74, drift=4.0, bumps=(3.0, 6.0, 9.0)),
        replace(_HANDHELD, name="low_resolution", size=(640, 480), noise=3.0, jpeg=75, tremor=1.0, defocus=1.1),
        replace(_HANDHELD, name="strong_distortion", k1=-0.30, k2=0.08, fill=0.93, curl=1.0),
        replace(_HANDHELD, name="flicker", flicker=0.22, noise=2.5),
        replace(_HANDHELD, name="exposure", exposure_hunt=0.9, focus_hunt=2.2),
        replace(_HANDHELD, name="leave_and_return", leaves=((3.0, 4.5), (7.5, 8.5))),
    )
}  # fmt: skip


def scenario_named(name: str) -> Scenario:
    """The scenario of that name. Raises UsageError naming the choices."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise UsageError(f"unknown demo scenario {name!r}; there are {', '.join(SCENARIOS)}") from None
