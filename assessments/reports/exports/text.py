"""Cells and lines of the files: those of every CSV here. Pure."""

from milestones.csv_text import MARK, cell, guarded, lines, unguarded

__all__ = ["MARK", "cell", "guarded", "lines", "unguarded"]
