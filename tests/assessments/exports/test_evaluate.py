"""The evaluators' pages as their readers meet them: who gets in, what comes out, and who can read that it did."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.quarters import Quarter
from assessments.reports.exports.files import FILES
from coalitions.models import AuditEvent, Membership, Role
from tests import factories
from tests.assessments.exports import worlds
from tests.assessments.exports.making import from_database, records, repeat
from tests.assessments.exports.worlds import of, once

pytestmark = pytest.mark.django_db
PAGE = "/evaluate/export/"
FILE = "/evaluate/export/agreed_ratings.csv"
BOTH = pytest.mark.parametrize("address", [PAGE, FILE])


made_once = once(worlds.submitted)


@pytest.fixture
def submitted(coalition):
    return of(coalition.slug)


@pytest.fixture
def other(submitted):
    """Another coalition with a submitted quarter, and its lead."""
    made = factories.coalition("Keystone", "PA", sample=True)
    lead = factories.person(Role.LEAD, made, name="Lea")
    factories.submitted(made, by=lead, quarter=Quarter(2025, 4))
    return made


def text(response) -> str:
    return b"".join(response.streaming_content).decode()


def main(response) -> str:
    """What stands on a page, without its frame, which holds the address and a token."""
    return response.content.decode().split("<main")[1]


@BOTH
def test_evaluators_get_in_and_nobody_else(address, as_user, client, submitted, eve, fay, ana, ben, ada, sam):
    factories.share(submitted, by=ana)
    for person, status in [(eve, 200), (fay, 403), (ana, 403), (ben, 403), (ada, 403), (sam, 403)]:
        assert as_user(person).get(address).status_code == status, person.name
    client.logout()
    away = client.get(address)
    assert (away.status_code, away["Location"].split("?")[0]) == (302, "/signin/")


@BOTH
def test_the_pledge_comes_first(address, as_user, submitted):
    unpledged = factories.person(Role.EVALUATOR, pledged=False)
    answer = as_user(unpledged).get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/pledge/")
    assert not AuditEvent.objects.filter(verb="export").exists()


@BOTH
def test_only_reading(address, as_user, eve, submitted):
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(as_user(eve), method)(address).status_code == 405


def test_a_file_that_there_is_not_is_404(as_user, eve, fay):
    for name in ("ballots", "votes", "sample-agreed_ratings", "..", "agreed_ratings.csv"):
        assert as_user(eve).get(f"/evaluate/export/{name}.csv").status_code == 404
    assert as_user(fay).get("/evaluate/export/ballots.csv").status_code == 403


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_what_the_database_holds(name, as_user, eve, submitted):
    answer = as_user(eve).get(f"/evaluate/export/{name}.csv")
    assert text(answer) == from_database(name)
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "strict-origin"


def test_the_same_request_gives_the_same_bytes_whatever_the_reader_s_language(as_user, eve, submitted):
    first = text(as_user(eve).get(FILE))
    eve.language = "es"
    eve.save()
    assert text(as_user(eve).get(FILE, headers={"Accept-Language": "es"})) == first
    assert "Creciendo" in text(as_user(eve).get(FILE + "?lang=es"))


def test_sample_data_is_in_the_name_of_the_file_and_in_its_rows(as_user, eve, other):
    answer = as_user(eve).get(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="sample-agreed_ratings.csv"'
    assert {(row["coalition_name"], row["sample_data"]) for row in records(text(answer))} == {
        ("Keystone", "1"), ("Sample Buckeye Coalition", "0"),
    }  # fmt: skip
    real = as_user(eve).get(FILE + "?sample=without")
    assert real["Content-Disposition"] == 'attachment; filename="agreed_ratings.csv"'
    assert {row["sample_data"] for row in records(text(real))} == {"0"}


def test_the_file_for_excel_has_the_mark(as_user, eve, submitted):
    assert text(as_user(eve).get(FILE + "?excel=1")) == "\ufeff" + text(as_user(eve).get(FILE))


def test_an_evaluator_of_one_coalition_sees_no_other(as_user, coalition, other):
    one = factories.person(Role.EVALUATOR, other)
    assert {row["coalition_name"] for row in records(text(as_user(one).get(FILE)))} == {other.name}
    page = as_user(one).get(PAGE).content.decode()
    assert other.name in page and coalition.name not in page
    outside, unknown = as_user(one).get(f"{FILE}?coalition={coalition.slug}"), as_user(one).get(f"{FILE}?coalition=zz")
    assert (outside.status_code, unknown.status_code) == (400, 400)
    assert main(outside) == main(unknown)
    Membership.objects.filter(user=one).delete()
    assert as_user(one).get(FILE).status_code == 403


def test_every_coalition_in_a_file_can_read_who_took_it(as_user, eve, ana, coalition, other):
    text(as_user(eve).get(FILE + "?from=2025Q4&lang=es"))
    events = AuditEvent.objects.filter(verb="export")
    assert {event.coalition for event in events} == {coalition, other}
    for event in events:
        assert event.by == eve
        assert event.details == {
            "file": "agreed_ratings.csv", "filters": {"from": "2025Q4"}, "language": "es", "revisions": 1,
        }  # fmt: skip
    text(as_user(eve).get("/evaluate/export/standings.csv?state=PA"))
    assert AuditEvent.objects.filter(verb="export", coalition=coalition).count() == 1
    history = as_user(ana).get(f"/c/{coalition.slug}/history/").content.decode()
    assert "Eve took away" in history


def test_a_file_without_rows_is_logged_too(as_user, eve, submitted):
    assert len(records(text(as_user(eve).get(FILE + "?to=2001Q1")))) == 0
    event = AuditEvent.objects.get(verb="export")
    assert (event.coalition, event.details["revisions"]) == (None, 0)


def test_looking_is_not_taking(as_user, eve, submitted):
    for address in (PAGE, FILE):
        assert as_user(eve).head(address).status_code == 200
    taken = as_user(eve).head(FILE)
    assert b"".join(taken.streaming_content) == b""
    assert taken["Content-Disposition"] == 'attachment; filename="agreed_ratings.csv"'
    assert as_user(eve).get(FILE + "?state=ZZ").status_code == 400
    assert not AuditEvent.objects.filter(verb="export").exists()


BAD = [
    "state=ZZ", "state=oh", "coalition=%27--", "from=2026q5", "to=0000Q1", "from=2026-Q1;drop", "from=10000",
    "from=2026Q2&to=2026Q1", "milestone=1", "revisions=some", "sample=1", "lang=fr", "excel=yes", "state=" + "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_bad_filter_stops_the_file_and_is_left_out_on_the_page(query, as_user, eve, submitted):
    file, page = as_user(eve).get(f"{FILE}?{query}"), as_user(eve).get(f"{PAGE}?{query}")
    assert file.status_code == 400 and "could not be read" in file.content.decode()
    assert page.status_code == 200 and "could not be read" in page.content.decode()
    assert page.context["revisions"] == 1
    assert "x" * 5000 not in main(file) + main(page)


@pytest.mark.parametrize("query", ["level=abc", "voice=parent&side=whole", "o=password", "state="])
def test_what_is_no_filter_changes_no_byte(query, as_user, eve, submitted):
    assert text(as_user(eve).get(f"{FILE}?{query}")) == text(as_user(eve).get(FILE))


@pytest.mark.parametrize("wanted", ["xml", "../../etc/passwd", "csv"])
def test_another_format_is_refused_in_words(wanted, as_user, eve, submitted):
    answer = as_user(eve).get(f"{FILE}?format={wanted}")
    assert answer.status_code == 400 and "format" in main(answer) and "passwd" not in main(answer)


def test_of_a_repeated_filter_the_last_counts(as_user, eve, other):
    rows = records(text(as_user(eve).get(FILE + "?state=OH&state=PA")))
    assert {row["state_code"] for row in rows} == {"PA"}


def test_the_page_says_what_is_in_the_files(as_user, eve, other):
    page = as_user(eve).get(PAGE + "?state=PA&revisions=latest")
    shown = page.content.decode()
    assert (page.context["revisions"], page.context["coalitions"]) == (1, 1)
    assert "/evaluate/export/standings.csv?state=PA&amp;revisions=latest&amp;lang=en&amp;excel=1" in shown
    assert "sample-agreed_ratings.csv" in shown and "Sample data. Not real ratings." in shown
    for command in ("pandas.read_csv(", "readr::read_csv(", "read.csv(", "import delimited", "Double click"):
        assert command in shown
    assert text(as_user(eve).get(page.context["files"][2]["url"])).count("\r\n") == 8


def test_a_page_where_nothing_matches_says_so(as_user, eve, submitted):
    nothing = as_user(eve).get(PAGE + "?to=2001Q1").content.decode()
    assert "Nothing matches" in nothing and "Clear filters" in nothing


def test_pages_and_files_take_as_many_queries_for_56_states_as_for_two(as_user, eve, submitted):
    repeat(submitted, 2)
    few = [queries_of(as_user(eve), address) for address in (PAGE, FILE)]
    repeat(submitted, 54, start=2)
    assert [queries_of(as_user(eve), address) for address in (PAGE, FILE)] == few
    assert max(few) <= 19


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        b"".join(answer)
    return len(queries)


def test_the_codebook_is_open_to_everybody(client, db):
    page = client.get("/evaluate/codebook/")
    shown = page.content.decode()
    assert page.status_code == 200 and "agreed_ratings.csv" in shown and "comparable_with_previous" in shown
    assert shown.index("pandas.read_csv(") < shown.index("comparable_with_previous")
    file = client.get("/evaluate/codebook.csv")
    rows = records(text(file))
    assert len(rows) == sum(len(file.columns) for file in FILES.values())
    assert file["Content-Disposition"] == 'attachment; filename="codebook.csv"'
    assert text(client.get("/evaluate/codebook.csv?excel=1")).startswith("\ufeff")
    assert client.post("/evaluate/codebook/").status_code == client.post("/evaluate/codebook.csv").status_code == 405


def test_the_codebook_speaks_spanish(client, db):
    client.cookies["language"] = "es"
    assert (
        "Código del indicador" in client.get("/evaluate/codebook/", headers={"Accept-Language": "es"}).content.decode()
    )
