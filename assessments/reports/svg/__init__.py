"""Figures as SVG files: plain marks in, markup out. Pure; every word comes in already said."""
