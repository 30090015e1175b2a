"""Tests in a real browser."""

import os
import shutil


def chromium_program() -> str | None:
    """The program of the browser: the one that CHROMIUM names, or the first of those that is there."""
    names = (os.environ.get("CHROMIUM", "chromium-headless-shell"), "chromium", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
