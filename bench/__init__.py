"""What reading and saving cost: `python -m bench`."""

# states, coalitions in each, quarters of each: about 10^4, 10^5 and 10^6 stored ratings
SIZES = {"small": (4, 5, 9), "middle": (20, 10, 9), "large": (56, 20, 16)}
