"""The large files come from packed revisions, byte for byte what the slow way gives, whatever a revision holds."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import levels
from assessments.quarters import Quarter
from assessments.reports.exports import packs
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.stream import CutShort, written
from assessments.submitting import packed
from tests.assessments.exports.making import LEVELS, indicator, members, milestone, revision

pytestmark = pytest.mark.any_engine("sqlite")
SLUGS = {1: "setting-the-table", 2: "safety-and-trust", 8: "own-1"}
CODES = [f"{m}.{n}" for m in (1, 2) for n in range(1, 4)]
TITLE = {"en": 'Voices, "at" the table', "es": ""}
NAMES = {slug: {"en": f"=Name of {slug}", "es": f"Nombre, {slug}"} for slug in SLUGS.values()}
KNOWN = packs.Known(
    levels={"1": LEVELS, "2": {level: {"en": f"L{level}", "es": ""} for level in LEVELS}},
    names={(version, slug): name for version in "12" for slug, name in NAMES.items()},
    titles={(version, slug, code): TITLE for version in "12" for slug in SLUGS.values() for code in CODES},
)
texts = st.one_of(
    st.just(""),
    st.sampled_from(["=1+1", "'", 'a "b", c', "line\nline", "\t", "Ñandú", packs.HOLE, f"x{packs.HOLE},", "-", "- -"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
level = st.one_of(st.none(), st.integers(0, 4))
statuses = st.sampled_from(levels.STATUSES)
answers = st.one_of(
    st.none(),
    st.builds(
        members, level=level, level_status=statuses, agreement=st.sampled_from(["close", "wide", "none"]),
        n_band=st.sampled_from(["5-9", "10-19", "20+", "none"]), third_could_not_say=st.booleans(),
        sides=st.one_of(
            st.none(), st.fixed_dictionaries({"parents_providers": level, "everyone_else": st.integers(0, 4)})
        ),
        sides_status=statuses,
    ),
)  # fmt: skip


@st.composite
def indicators(draw, code):
    own = code.startswith("own-")
    title = draw(st.fixed_dictionaries({"en": texts, "es": texts})) if own else TITLE
    status = draw(statuses)
    outcome = draw(st.sampled_from(["agreed", "agreed_with_different_view", "not_agreed", "none"]))
    views = draw(st.lists(st.booleans(), max_size=3))
    return indicator(
        code, draw(level), own=own, title=title, core=draw(st.booleans()), outcome=outcome, reason=draw(texts),
        suggested_level=draw(level), suggested_status=draw(statuses), members=draw(answers),
        comparable=draw(st.sampled_from(["yes", "no", "first"])), evidence=[{}] * draw(st.integers(0, 3)),
        different_views=[{"coalition_only": only} for only in views], evidence_tag=draw(st.sampled_from(["thin", "solid"])),
    ) | {"status": status}  # fmt: skip


@st.composite
def revisions(draw):
    made, shared = [], {}
    version = draw(st.sampled_from("12"))
    for number in draw(st.permutations(list(SLUGS))):
        slug = SLUGS[number]
        codes = ["own-3", "own-4"] if number == 8 else [code for code in CODES if code[0] == str(number)]
        codes = draw(st.lists(st.sampled_from([*codes, "own-2"]), unique=True, max_size=4))
        one = milestone(
            [draw(indicators(code)) for code in codes], number, slug, level=draw(level), status=draw(statuses),
            change_since=draw(st.sampled_from(["", "2026Q1"])), rated=draw(st.integers(0, 4)),
        )  # fmt: skip
        shared[slug] = draw(st.sampled_from(["nothing", "story", "level_and_story"]))
        made.append({**one, "name": NAMES[slug]})
    facts = revision(*made, level_names=KNOWN.levels[version], own=draw(st.booleans()), code="ABCDEFGHIJ")
    body = {**facts.body, "rubric_version": version, "room_sees": draw(st.sampled_from(["meeting_only", "x"]))}
    return replace(facts, body=body, sharing=shared)


def lines_of(writer, facts):
    """What the writer makes of a revision, packed and read back."""
    texts = packed.pack(facts.body, sha256=facts.sha256, submitted_at=facts.submitted_at)
    return writer.lines(revised(writer, facts, texts))


def revised(writer, facts, texts):
    of = replace(facts, body={}, sharing={}, level_names={}, sha256="", number=0, quarter=Quarter(2000, 1))
    fields = (texts[name] for name in ("form", "own", packs.LARGE[writer.file.name].field, "reasons"))
    shared = " ".join(f"{slug} {told}" for slug, told in [*facts.sharing.items(), ("beyond", "nothing")])
    return packs.Revised(of, str(facts.quarter), facts.number, *fields, shared)


def slow(file, facts, tongue):
    return next(written(file, [facts], tongue))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(revisions(), min_size=1, max_size=4), st.sampled_from(["en", "es"]), st.sampled_from([0, 20_000]),
    st.booleans(),
)  # fmt: skip
def test_every_byte_is_that_of_the_slow_way(some, tongue, most, own):
    """One writer for many revisions, so that what it keeps of one serves another; and one that keeps nothing."""
    for files in (FILES, CODED):
        for name in packs.LARGE:
            writer = packs.Writer(files[name], KNOWN, tongue, most=most)
            for facts in (replace(facts, own=own) for facts in [*some, *some]):
                assert lines_of(writer, facts) == slow(files[name], facts, tongue)


def test_what_is_kept_is_bounded():
    writer = packs.Writer(FILES["agreed_ratings"], KNOWN, "en", most=10)
    for n in range(100):
        lines_of(writer, revision(milestone([indicator(evidence=[{}] * n)])))
    assert sum(map(len, writer.kept.values())) + len(writer.layouts) <= 12


def test_a_reason_leaves_no_trace_where_it_is_not_shared():
    writer = packs.Writer(FILES["agreed_ratings"], KNOWN, "en")
    told, hidden = (
        revision(milestone([indicator(reason=f"Because {sharing}")]), sharing=sharing)
        for sharing in ("level_and_story", "story")
    )
    assert "Because level_and_story" in lines_of(writer, told)[0]
    text = lines_of(writer, hidden)[0]
    assert "Because" not in text and packs.HOLE not in text


@pytest.mark.parametrize("name", packs.LARGE)
@pytest.mark.parametrize("milestone_asked", ["", "setting-the-table"])
def test_a_row_that_is_lost_breaks_the_file(name, milestone_asked):
    one = milestone([indicator("1.1", members=members()), indicator(members=members())])
    facts = revision(one, milestone([indicator("2.1", members=members())], 2, "safety-and-trust"))
    writer = packs.Writer(FILES[name], KNOWN, "en", milestone_asked)
    texts = packed.pack(facts.body, sha256=facts.sha256, submitted_at=facts.submitted_at)
    whole = revised(writer, facts, texts)
    shared = whole.shared if not milestone_asked else "setting-the-table level_and_story"
    assert writer.lines(whole._replace(shared=shared))[1]
    with pytest.raises(CutShort):
        writer.lines(whole._replace(shared=shared, lines=whole.lines.partition("\n")[2]))
    with pytest.raises(CutShort):
        writer.lines(whole._replace(shared="beyond nothing"))


def test_what_was_packed_in_another_format_is_not_read():
    form = packed.pack(revision().body, sha256="", submitted_at=revision().submitted_at)["form"]
    assert packs.opened(form)
    assert packs.opened(json.dumps([packed.FORMAT + 1, *json.loads(form)[1:]])) is None
