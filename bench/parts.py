"""The parts of the bench, in the order in which they run. Each is a module of this folder with `run(world)`."""

# Name on the command line: its module, and whether it runs at each size or once, on the last.
PARTS = {
    "pages": ("bench.pages", "each"),  # P1, P2
    "exports": ("bench.exports", "each"),  # P3, P4
    "saves": ("bench.saves", "each"),  # P5
    "people": ("bench.people", "last"),  # P6
    "phone": ("bench.phone", "last"),  # P7
    "start": ("bench.starting", "last"),  # P8
}
