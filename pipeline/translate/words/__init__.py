"""Lists and tables of words: what a source is written with, and what English has for one that stands alone."""
