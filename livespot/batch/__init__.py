"""Many pages, each by itself: what to look at (pages), looking (run), what comes out (formats, report)."""
