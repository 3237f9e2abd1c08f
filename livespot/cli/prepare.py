"""`python -m livespot.cli.prepare`: compile what the first start would else compile. The start script calls it."""

from livespot import startup
from livespot.capture.opening import DemoOptions, open_source
from livespot.saying import getting_ready
from livespot.settings import Settings


def main() -> None:
    """The vision's kernels, then those of the simulated webcam."""
    startup.prepare()
    from livespot.spotting.warming import warm_up

    with getting_ready("preparing the vision for this processor (once, some twenty seconds)…") as progress:
        warm_up(similarity=False, progress=progress)
    with open_source("demo", Settings(), DemoOptions(seconds=0.1)) as demo:
        demo.read()


if __name__ == "__main__":
    main()
