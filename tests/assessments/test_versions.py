"""Two people on one page: what each changed is joined, or it is said that it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.discussing.versions import Overlap, merge

UNITS = (("outcome", "level"), ("reason",))
VALUES = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["", "agreed"]),
        "level": st.sampled_from([None, 1, 2]),
        "reason": st.sampled_from("abc"),
    }
)


def changed(before, after, unit):
    return any(before[name] != after[name] for name in unit)


@given(VALUES, VALUES, VALUES)
def test_nothing_that_either_changed_is_lost(base, theirs, mine):
    """The obvious second version: unit by unit, who changed it wins; both, and differently: overlap."""
    try:
        merged = merge(base, theirs, mine, UNITS)
    except Overlap:
        assert any(changed(base, theirs, u) and changed(base, mine, u) and changed(theirs, mine, u) for u in UNITS)
        return
    for unit in UNITS:
        wanted = mine if changed(base, mine, unit) else theirs
        assert all(merged[name] == wanted[name] for name in unit)


def test_outcome_and_level_go_together():
    base = {"outcome": "agreed", "level": 1, "reason": ""}
    with pytest.raises(Overlap):
        merge(base, {**base, "level": 2}, {**base, "outcome": ""}, UNITS)
