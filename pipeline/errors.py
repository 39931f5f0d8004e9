"""What can go wrong, in few kinds. Each message says what happened, where, and what to do about it."""

from __future__ import annotations


class PipelineError(Exception):
    """Tolk cannot go on; the message is one sentence for the person who started it."""


class SettingsError(PipelineError):
    """A setting is none that a run can have."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        """Give the sentence, which begins with the field."""
        return f"{self.field} {self.problem}"


class InputError(PipelineError):
    """An input is missing, unreadable or of a kind that Tolk does not know."""


class OutputError(PipelineError):
    """The output folder cannot be used or written."""


class HeldError(OutputError):
    """Another run holds the output folder."""


class PackageError(PipelineError):
    """A model package is missing, broken, or not what it says it is."""


class RecordError(PipelineError):
    """A stage was given a line that is not the record it works on."""


class DamageError(RecordError):
    """A record is damaged, and with it the file: nobody knows what else that holds."""


class ClusterError(PipelineError):
    """A Ray cluster cannot be reached, or cannot do the work."""
