"""`livespot bench accuracy`: is livespot right? Stills, thin marks, the simulated webcam, unchanged pages, and the
published pipeline beside it.

Out: tables and a flat object of numbers (`--json`). Every scenario is run once, then every scenario again, so that a
run that is stopped still covers all of them. Seeds start at 5001: development used lower ones.
"""

from livespot.bench import data, report
from livespot.bench.accuracy_live import measure_count, measure_live
from livespot.bench.accuracy_stills import measure_stills, measure_thin, measure_unchanged_stills
from livespot.bench.asked import Options as Options
from livespot.demo.scenario import scenario_named
from livespot.settings import Settings


def run(options: Options, settings: Settings) -> dict[str, float]:
    """Measure, print tables, return the numbers. Raises UsageError for data or scenarios that are not there."""
    for name in options.scenarios:
        scenario_named(name)
    puzzles = data.load(options.data, options.part) if options.data is not None else []
    print(f"livespot bench accuracy, method {settings.method}, on {report.machine()}")
    numbers: dict[str, float] = {}
    if "stills" in options.parts:
        numbers |= measure_stills(puzzles, options, settings)
    if "thin" in options.parts:
        numbers |= measure_thin(options, settings)
    if "unchanged" in options.parts:
        numbers |= measure_unchanged_stills(puzzles, options, settings)
    if "live" in options.parts:
        numbers |= measure_live(puzzles, options, settings, same=False)
    if "count" in options.parts:
        numbers |= measure_count(options, settings)
    if "unchanged" in options.parts:
        numbers |= measure_live(puzzles, options, settings, same=True)
    return numbers
