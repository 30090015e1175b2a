"""A coalition's own files: for its leads alone, with all it wrote, and nothing of another or of a single person."""

import pytest

from assessments.reports.exports.files import FILES
from coalitions.models import AuditEvent, Role
from tests import factories
from tests.assessments.exports import worlds
from tests.assessments.exports.making import from_database, records
from tests.assessments.exports.worlds import agreed, of, once

pytestmark = pytest.mark.django_db
made_once = once(worlds.written)


@pytest.fixture
def written(coalition):
    return of(coalition.slug)


def text(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def own(as_user, person, coalition, name, query=""):
    return as_user(person).get(f"/c/{coalition.slug}/files/{name}.csv{query}")


@pytest.fixture
def other(written):
    made = factories.coalition("Keystone", "PA")
    factories.submitted(made, by=factories.person(Role.LEAD, made))
    return made


@pytest.mark.parametrize("name", FILES)
def test_a_lead_reads_what_an_evaluator_of_it_alone_reads_and_the_words_beside(name, as_user, ana, coalition, other):
    mine = records(text(own(as_user, ana, coalition, name)))
    outside = records(from_database(name, coalitions=type(coalition).objects.filter(pk=coalition.pk)))
    assert len(mine) == len(outside)
    told = {column.name for column in FILES[name].columns if column.names} | {"kind", "voice", "has_file", "status"}
    for row, shown in zip(mine, outside, strict=True):
        assert {key: row[key] for key in row if key not in told} == {key: shown[key] for key in row if key not in told}


def test_the_words_are_there_though_nothing_is_shared(as_user, ana, coalition, written):
    everything = "".join(text(own(as_user, ana, coalition, name)) for name in FILES)
    for words in ("Minutes, coalition_only", "Story of None", "Step of None", "On 2026-04-01"):
        assert words in everything
    assert "Rosa" not in everything
    assert {row["shared"] for row in records(text(own(as_user, ana, coalition, "stories")))} == {"0"}


def test_leads_alone(as_user, ana, ben, eve, fay, ada, coalition, other):
    for person, status in [(ana, 200), (ben, 403), (ada, 403), (eve, 404), (fay, 404)]:
        assert own(as_user, person, coalition, "stories").status_code == status
        assert as_user(person).get(f"/c/{coalition.slug}/files/").status_code == status
    assert own(as_user, ana, other, "stories").status_code == 404
    assert own(as_user, ana, coalition, "ballots").status_code == 404


def test_nothing_of_another_coalition_whatever_is_asked(as_user, ana, coalition, other):
    assert own(as_user, ana, coalition, "standings", f"?coalition={other.slug}").status_code == 400
    assert own(as_user, ana, coalition, "standings", "?coded=1").status_code == 400
    assert other.name not in "".join(text(own(as_user, ana, coalition, name)) for name in FILES)


def test_it_is_in_the_history_too(as_user, ana, coalition, written):
    text(own(as_user, ana, coalition, "stories"))
    event = AuditEvent.objects.get(verb="export")
    assert (event.by, event.coalition) == (ana, coalition)


def test_no_count_of_answers_is_in_them(as_user, made_once):
    """Where counts are known inside, in see the spread, they stay on the page."""
    spread = factories.coalition("Spread", "PA")
    lea = factories.person(Role.LEAD, spread)
    agreed(factories.closed(spread, by=lea, others=[0, 1, 1, 2] * 3, room_sees="see_the_spread"), by=lea)
    for name in FILES:
        for row in records(text(own(as_user, lea, spread, name))):
            assert {key for key, cell in row.items() if cell == "6"} <= {"milestone_number"}


def test_the_page_leads_to_them(as_user, ana, ben, coalition, written):
    at = f"/c/{coalition.slug}/files/"
    assert at in as_user(ana).get(f"/c/{coalition.slug}/").content.decode()
    assert at not in as_user(ben).get(f"/c/{coalition.slug}/").content.decode()
    page = as_user(ana).get(at).content.decode()
    assert all(f"{at}{name}.csv?lang=en" in page for name in FILES)


def test_before_the_first_submission_it_says_so(as_user, made_once):
    new = factories.coalition("New", "PA")
    page = as_user(factories.person(Role.LEAD, new)).get(f"/c/{new.slug}/files/").content.decode()
    assert "No quarter is submitted yet" in page
