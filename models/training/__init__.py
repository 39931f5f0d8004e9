"""How the embedded models are made, from corpora to Argos packages: `python -m models.training --help`."""
