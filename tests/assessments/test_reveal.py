"""The reveal: what a closed quarter shows at 4, 7 and 12 answers, on every page, in every attribute, inside and outside.

Whoever cast the ballots, two quarters with the same release must look the same to the last letter. That is stronger
than a search for numbers: whatever the rule hides would be a difference between the two.
"""

import re
from html import unescape

import pytest
from django.db import transaction

from assessments.mails import WRITERS
from assessments.models import Meeting, Release
from coalitions.models import Mail
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
STEPS = ["read", "show", "talk", "record"]
SPREAD = {"room_sees": "see_the_spread"}
JSON = {"Accept": "application/json"}

# Of each tier: pairs of sides whose release is the same, whoever answered and how.
TIERS = {
    "4": [
        {"parents": [0, 0], "others": [4, 4]},
        {"parents": [3, 3, 3, 3], "others": []},
        {"parents": [2], "others": []},
    ],
    "7": [
        {"parents": [1, 1, 1], "others": [3, 3, 3, 3]},
        {"parents": [3, 3, 3, 3, 3], "others": [1, 1]},
        {"parents": [], "others": [0, 1, 1, 3, 3, 3, 4, 4]},
    ],
    "12 as 7 and 5": [
        {"parents": [1] * 7, "others": [3] * 5},
        {"parents": [3] * 5, "others": [1] * 8},
        {"parents": [1] * 7 + [3] * 5, "others": []},
    ],
    "12 as 6 and 6": [
        {"parents": [1] * 6, "others": [3] * 6},
        {"parents": [0, 1, 1, 1, 1, 1], "others": [3, 3, 3, 3, 3, 4]},
        {"parents": [1] * 7, "others": [3] * 7},
    ],
    "spread of 4": [{**SPREAD, "others": [0, 0, 4, 4]}, {**SPREAD, "others": [2, 2, 2]}],
    "spread of 7": [{**SPREAD, "others": [1, 1, 1, 3, 3, 3, 3]}, {**SPREAD, "others": [0, 1, 1, 3, 3, 3, 3, 4]}],
    "spread of 12": [
        {**SPREAD, "others": [1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3]},
        {**SPREAD, "others": [3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 3]},
    ],
}
# What may be known of each: (whole, sides, counts).
SHOWN = {
    "4": (False, False, False), "7": (True, False, False), "12 as 7 and 5": (True, False, False),
    "12 as 6 and 6": (True, True, False), "spread of 4": (False, False, False), "spread of 7": (True, False, False),
    "spread of 12": (True, False, True),
}  # fmt: skip
CHANGES = [  # from one page to the next, whoever answered
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "KEY"),
    (r"[0-9a-f]{64}", "HASH"),
    (r'csrfmiddlewaretoken" value="[^"]*"', "TOKEN"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d[^,\"<]*|\b\d{1,2}:\d\d( [ap]\.?m\.?)?", "TIME"),
    (r"Person \d+|person\.\d+\.\d+", "SOMEBODY"),
]


def bare(answer) -> str:
    """All that an answer holds: text, attributes, SVG, JSON; without what is new on each page."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, answer.status_code
    found = unescape(content.decode())
    for pattern, word in CHANGES:
        found = re.sub(pattern, word, found)
    return found


def everything(as_user, coalition, people, sides) -> dict:
    """Each page and file on which a closed quarter can be read, by who reads it; before and after it is submitted."""
    ana, ben, fay, eve = people
    assessment = factories.closed(coalition, by=ana, **sides)
    seen, home = {"release": Release.objects.get(assessment=assessment).content}, coalition.get_absolute_url()
    for user, name in ((ana, "meeting_host"), (ben, "meeting_screen")):
        client = as_user(user)
        for step in STEPS:
            Meeting.objects.update_or_create(
                assessment=assessment, defaults={"code": "1.2", "step": step, "host": ana, "version": 1}
            )
            seen[f"{name} {step}"] = bare(client.get(assessment.url(name, "1.2")))
            seen[f"{name} {step} json"] = bare(client.get(assessment.url("meeting_screen", "1.2"), headers=JSON))
    client = as_user(ana)
    for name, *code in (("agenda",), ("print_meeting_sheet",), ("agreed_rating", "1.2"), ("assessment",), ("check",)):
        seen[name] = bare(client.get(assessment.url(name, *code)))
    for item in assessment.agreed_ratings.all():
        factories.rate(assessment, item.indicator.code, 2, by=ana, reason="So we saw it.")
    for turn in ("closed", "submitted"):
        client = as_user(ben)
        for path in (home, f"{home}results/", f"{home}results/setting-the-table/", f"{home}history/"):
            seen[f"{turn} {path}"] = bare(client.get(path))
        if turn == "closed":
            factories.submit(assessment, by=ana)
            factories.share(assessment, by=ana, members_view=True)
    seen |= letters_to(ben, assessment)
    seen["revision"] = bare(client.get(assessment.url("revision", 1)))
    client = as_user(fay)
    for path in ("/states/", "/states/OH/", f"/states/OH/{coalition.slug}/"):
        seen[f"funder {path}"] = bare(client.get(path))
    client = as_user(eve)
    for name in ("releases", "agreed_ratings", "standings", "directions"):
        seen[f"evaluator {name}"] = bare(client.get(f"/evaluate/export/{name}.csv"))
    return seen


def letters_to(person, assessment) -> dict:
    """The mails that tell a member that answers are closed, and what was heard and done."""
    revision = assessment.revisions.get()
    about = {"closed": {"assessment": str(assessment.pk)}, "submitted": {"revision": str(revision.pk)}}
    written = {}
    for kind, what in about.items():
        letter = WRITERS[kind](Mail(kind=kind, user=person, coalition=assessment.coalition, about=what))
        body = re.sub(r"/unsubscribe/[^/]+/", "STOP", f"{letter.subject}\n{letter.text}\n{letter.html}")
        written[f"mail {kind}"] = body
    return written


@pytest.mark.parametrize(
    ("tier", "language"), [*((tier, "en") for tier in TIERS), ("12 as 6 and 6", "es"), ("spread of 12", "es")]
)
def test_the_same_release_looks_the_same_whoever_answered(
    as_user, client, coalition, ana, ben, fay, eve, tier, language
):
    client.cookies["django_language"] = language
    seen = []
    for sides in TIERS[tier]:
        with transaction.atomic():
            seen.append(everything(as_user, coalition, (ana, ben, fay, eve), sides))
            transaction.set_rollback(True)
    assert len(seen[0]) > 20
    for other in seen[1:]:
        assert other["release"] == seen[0]["release"], "the pair is badly chosen"
        assert {name for name in other if other[name] != seen[0][name]} == set()


def test_a_page_that_tells_two_quarters_apart_would_be_seen(as_user, coalition, ana):
    """The negative control: one answer more, with which the release says another thing."""
    pages = []
    for others in ([3] * 5, [3] * 6):
        with transaction.atomic():
            assessment = factories.closed(coalition, by=ana, parents=[1] * 6, others=others)
            pages.append(bare(as_user(ana).get(assessment.url("print_meeting_sheet"))))
            transaction.set_rollback(True)
    assert pages[0] != pages[1]


@pytest.mark.parametrize("tier", TIERS)
def test_show_matches_the_tier(as_user, coalition, ana, ben, tier):
    """At *Show* the room sees what the rule lets be known of so many answers, and says in words what it does not."""
    assessment = factories.closed(coalition, by=ana, **TIERS[tier][0])
    Meeting.objects.create(assessment=assessment, code="1.2", step="show", host=ana)
    whole, sides, counts = SHOWN[tier]
    for user, name in ((ben, "meeting_screen"), (ana, "meeting_host")):
        page = bare(as_user(user).get(assessment.url(name, "1.2")))
        assert ("Too few people answered to show this." in page) != whole
        assert bool(re.search("More than half see|Half or more see|Answers suggest<", page)) == whole
        assert bool(re.search(r"5–9 answers|10–19 answers", page)) == whole
        assert ("Parents and providers:" in page) == sides == bool(re.search(r"side-mark side-\w+ at-\d", page))
    screen = bare(as_user(ben).get(assessment.url("meeting_screen", "1.2"))).split("<main")[1]
    assert bool(re.search('class="dot"|<rect', screen)) == counts
    assert re.findall(r"<td><strong>(\d+)</strong>", screen) == (["0", "5", "0", "7", "0"] if counts else [])


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
def test_while_answers_come_in_the_room_sees_one_count_and_the_rest_never_changes(
    as_user, coalition, ana, ben, room_sees
):
    seen = []
    for levels in ([0] * 12, [4] * 12):
        with transaction.atomic():
            assessment = factories.collecting_assessment(coalition, by=ana, room_sees=room_sees)
            type(assessment).objects.filter(pk=assessment.pk).update(join_code="ABCD2345")
            for level in levels:
                factories.ballot(assessment, level, voice="staff" if level else "parent")
            pages = {}
            for name, *code in (("meeting_screen", "1.2"), ("meeting_host", "1.2"), ("assessment",), ("progress",)):
                for user in (ana, ben):
                    answer = as_user(user).get(assessment.url(name, *code))
                    if answer.status_code == 200:
                        pages[name, user.name] = bare(answer)
            pages["json"] = bare(as_user(ben).get(assessment.url("meeting_screen", "1.2"), headers=JSON))
            seen.append(pages)
            transaction.set_rollback(True)
    assert len(seen[0]) >= 6 and "12 of" in seen[0]["json"]
    assert {name for name in seen[0] if seen[0][name] != seen[1][name]} == set()
