"""Numbers, amounts and measures: as two languages write them, and those that a target lacks."""
