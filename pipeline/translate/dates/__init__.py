"""Dates, weekdays, opening hours and times of day: as English writes them, and those that a target lacks."""
