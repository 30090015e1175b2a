"""Two people on one page: joining what each changed, or telling that they cannot be joined. Pure."""

from collections.abc import Iterable


class Overlap(ValueError):
    """Both changed the same thing, differently."""


def merge(base: dict, theirs: dict, mine: dict, units: Iterable[tuple[str, ...]]) -> dict:
    """The values of both: `base` is what I read, `theirs` what is there now, `mine` what I send.

    A unit is a group of fields that make sense only together, such as outcome and level. Overlap where both
    changed one unit and not to the same.
    """
    merged = {}
    for unit in units:
        was, is_now, wanted = ({name: values[name] for name in unit} for values in (base, theirs, mine))
        if wanted == was or wanted == is_now:
            merged |= is_now
        elif is_now == was:
            merged |= wanted
        else:
            raise Overlap(unit)
    return merged
