"""Failures people meet: one line that says what happened, why, and what to do. Never a traceback."""


class LivespotError(Exception):
    """Something failed while running; the message is one line, whatever it cites. Exit status 1."""

    exit_status = 1

    def __str__(self) -> str:
        return " ".join(super().__str__().split())


class SourceError(LivespotError):
    """The source of frames cannot be opened or read."""


class UsageError(LivespotError):
    """Wrong use: an option, a setting or a path that makes no sense. Exit status 2."""

    exit_status = 2
