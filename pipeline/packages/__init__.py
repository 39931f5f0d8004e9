"""Argos packages: find, verify, open, install; the one room that touches weights and, when asked, the network."""
