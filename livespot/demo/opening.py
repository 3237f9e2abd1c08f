"""Opening a demo by name: `demo`, `demo:PUZZLE` or `demo:PUZZLE/SCENARIO`, for instance `demo:harbour/glare`.

In: a name (with or without its "demo:"). Out: a DemoSource, or the flat page for stills and for printing.
"""

from livespot.demo.camera.webcam import DemoSource, Webcam
from livespot.demo.page import Layout, Page, layout_for, printed, unchanged
from livespot.demo.puzzle import Puzzle, drawn_puzzle, with_thin_marks
from livespot.demo.scenario import SCENARIOS, Scenario, scenario_named
from livespot.demo.scenes import SCENES
from livespot.errors import UsageError

SIZE = (1280, 720)
DIFFERENCES = 7
ASPECTS = {"side": 1.18, "stacked": 1.9, "diagonal": 1.25}  # of a panel, so that the page suits a webcam's frame
WIDEST = {"astronaut": 1.25}  # a portrait cannot be cropped further
HEIGHTS = {"side": 640, "stacked": 420, "diagonal": 560}  # of a panel, page px


def demo_names() -> tuple[str, ...]:
    """The puzzles a demo can show, best first."""
    return tuple(SCENES)


def scenario_names() -> tuple[str, ...]:
    """The named scenarios."""
    return tuple(SCENARIOS)


def parse_name(name: str | None) -> tuple[str, Scenario | None]:
    """Puzzle and scenario from "harbour", "demo:harbour/glare", "demo" or None. Raises UsageError with the choices."""
    text = (name or "").strip()
    text = text.removeprefix("demo:") if text.startswith("demo:") else ("" if text == "demo" else text)
    puzzle, _, scenario = text.partition("/")
    puzzle = puzzle or next(iter(SCENES))
    if puzzle not in SCENES:
        raise UsageError(f"unknown demo {puzzle!r}; there are {', '.join(SCENES)}, each also as NAME/SCENARIO")
    return puzzle, scenario_named(scenario) if scenario else None


def make_puzzle(
    name: str,
    *,
    seed: int = 0,
    differences: int = DIFFERENCES,
    layout: str = "side",
    thin: bool = False,
    scale: float = 1.0,
) -> Puzzle:
    """The two panels with their truth.

    differences=0: nothing differs. thin: thin lines and small dots only. scale: 1 gives panels 525 to 800 px wide, as a
    webcam sees them; 3 is for printing.
    """
    if layout not in ASPECTS:
        layout_for(layout, 0)
    aspect = min(ASPECTS[layout], WIDEST.get(name, 9.0))
    scene = SCENES[name](aspect, seed)
    height = round(HEIGHTS[layout] * scale)
    puzzle = drawn_puzzle(scene, seed=seed, differences=0 if thin else differences, height=height)
    return with_thin_marks(puzzle, seed=seed, count=differences) if thin else puzzle


def page_picture(
    name: str | None = None,
    *,
    seed: int = 0,
    differences: int = DIFFERENCES,
    layout: str | Layout | None = None,
    thin: bool = False,
    same: bool = False,
    scale: float = 1.0,
) -> Page:
    """The flat page as printed, with its truth; see make_puzzle. same: panel B is panel A again."""
    which, _ = parse_name(name)
    chosen = layout if isinstance(layout, Layout) else layout_for(layout or "side", seed)
    puzzle = make_puzzle(which, seed=seed, differences=differences, layout=chosen.kind, thin=thin, scale=scale)
    return printed(unchanged(puzzle) if same else puzzle, chosen)


def open_demo(
    name: str | None = None,
    *,
    size: tuple[int, int] | None = SIZE,
    fps: float = 30.0,
    seconds: float | None = None,
    seed: int = 0,
    scenario: str | Scenario | None = None,
    layout: str | Layout | None = None,
    realtime: bool = False,
    page: Page | None = None,
    differences: int = DIFFERENCES,
) -> DemoSource:
    """The simulated webcam in front of a printed page.

    name: see the module. size: (width, height) px, unless the scenario has its own. seconds: length;
    endless when not given. scenario: a name or parameters, unless the name brings one; else handheld. layout: "side",
    "stacked", "diagonal" or a Layout. realtime: paced like a camera, and frames not read in time are lost. page: film
    this page instead of a drawn puzzle. Raises UsageError.
    """
    which, named = parse_name(name if page is None else None)
    if isinstance(scenario, str):
        scenario = scenario_named(scenario)
    filmed = named or scenario or SCENARIOS["handheld"]
    if page is None:
        page = page_picture(which, seed=seed, differences=differences, layout=layout)
    else:
        which = name or page.name
    webcam = Webcam(page, filmed, size=filmed.size or size or SIZE, fps=fps, seed=seed)
    shown = f"demo:{which}" if filmed.name == "handheld" else f"demo:{which}/{filmed.name}"
    return DemoSource(shown, webcam, seconds, realtime)
