"""What the doctor says: findings, each with a way to mend it where there is something to mend."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

DOCTOR_SCHEMA: Final = "tolk.doctor/1"
SET_UP: Final = "Set Tolk up anew from its locks: `make clean setup` in a checkout."
"""What mends an installation."""
State = Literal["ok", "note", "broken"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    subject: str
    """`tolk`, `extras`, `packages`, `processor`, `speed`, `places`, `staging`, `network`, `locks` or `output`."""
    name: str
    state: State
    """`note`: works, and could be better; `broken`: must be mended."""
    found: str
    mend: str = ""
    """What to do about it; empty where there is nothing to do."""
    value: float | None = None
    """The figure in `found`, where it is one: words a second, cores, bytes free."""


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found on a machine."""

    schema: Literal["tolk.doctor/1"] = DOCTOR_SCHEMA
    tolk: str
    """Tolk's version."""
    healthy: bool
    """Whether nothing is broken."""
    findings: tuple[Finding, ...]
