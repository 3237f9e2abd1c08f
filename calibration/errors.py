"""Failures people meet: one line that says what happened, why, and what to do."""


class CalibrationError(Exception):
    """Something failed while running. Exit status 1."""

    exit_status = 1


class WrongUse(CalibrationError):
    """An option or a path that makes no sense. Exit status 2."""

    exit_status = 2
