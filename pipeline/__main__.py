"""`python -m pipeline` is `tolk`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
