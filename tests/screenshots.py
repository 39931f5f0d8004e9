"""Take the pictures of a run's page that the documents show: python tests/screenshots.py OUT docs/images."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from browser import Browser


def take(page: Path, picture: Path, *, dark: bool, size: tuple[int, int], script: str = "") -> None:
    """Open a page, do something in it, and keep what is in view."""
    with tempfile.TemporaryDirectory() as profile, Browser(Path(profile), dark=dark) as browser:
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        browser.call("Emulation.setDeviceMetricsOverride", **metrics)
        browser.call("Emulation.setScrollbarsHidden", hidden=True)
        browser.open(page)
        browser.run(script)
        browser.run("new Promise((done) => setTimeout(done, 300))")
        picture.write_bytes(base64.b64decode(browser.call("Page.captureScreenshot", format="png")["data"]))


def main(out: Path, pictures: Path) -> None:
    """Take the figures in light and the reader in dark."""
    pictures.mkdir(parents=True, exist_ok=True)
    page = (out / "report.html").resolve()
    take(page, pictures / "report-figures.png", dark=False, size=(1280, 880))
    reader = "document.getElementById('reader').scrollIntoView()"
    take(page, pictures / "report-reader.png", dark=True, size=(1280, 860), script=reader)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
