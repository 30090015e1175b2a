"""What reading and saving cost as stored data grows: `python -m bench`."""

# What is generated for each size, one after another: states, coalitions in each, quarters of each, mode. Stored ratings
# are agreed ratings and items of releases: about 10^4, 10^6 and 10^7. The smallest already fills the pages that are
# measured: sixty coalitions across states, and twelve of one state with forty quarters each; those twelve stay as they
# are while everything around them grows.
SIZES = {
    "small": ((1, 12, 40, "core"), (56, 1, 2, "full")),
    "middle": ((56, 9, 40, "full"),),
    "large": ((56, 91, 40, "full"),),
}
USUAL = ("small", "middle")  # a few minutes
