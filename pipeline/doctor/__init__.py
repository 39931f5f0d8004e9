"""What a machine lacks to run Tolk well, and how to mend it; looked at from outside the stages, and offline."""

from __future__ import annotations

from pipeline.doctor.examination import examine
from pipeline.doctor.finding import DOCTOR_SCHEMA, Diagnosis, Finding

__all__ = ["DOCTOR_SCHEMA", "Diagnosis", "Finding", "examine"]
