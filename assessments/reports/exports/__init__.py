"""The files evaluators take away: each column is defined once, and file, codebook and tests come from it."""
