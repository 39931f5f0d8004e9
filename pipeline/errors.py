"""What can go wrong, in few kinds. Each message says what happened, where, and what to do about it."""

from __future__ import annotations


class PipelineError(Exception):
    """Tolk cannot go on; the message is one sentence for the person who started it.

    What to do is its end, or given apart as `mend`, where somebody shows that by itself.
    """

    def __init__(self, *message: object, mend: str = "") -> None:
        super().__init__(*message)
        self.mend = mend

    def __str__(self) -> str:
        """Give all of the message."""
        return f"{self.found}. {self.mend}" if self.mend else self.found

    @property
    def found(self) -> str:
        """The message without `mend`."""
        return super().__str__()


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
