"""Rows 54 to 66 of the catalogue of bad input: files. Whatever is in them, 422 with numbered reasons, and nothing saved.

Each case is asked of both imports, looking and keeping alike.
"""

import zlib

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.importing import past
from assessments.models import AgreedRating, Assessment
from coalitions import people_csv
from coalitions.models import Membership, User
from milestones.csv_text import MARK, lines
from tests.assessments.test_importing import quarter_rows
from tests.authz import dump

pytestmark = pytest.mark.django_db
PAYLOAD = "<img src=x onerror=alert(1)>"
COLUMNS = {"people": people_csv.COLUMNS, "quarters": past.COLUMNS}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-05-15 12:00Z", tick=False):
        yield


@pytest.fixture
def lead(coalition, ana, as_user):
    return as_user(ana)


def people(*rows) -> str:
    return lines([people_csv.COLUMNS, *rows])


def good(kind) -> str:
    """A file that would be taken."""
    if kind == "people":
        return people(("Dee", "dee@example.org", "member"), ("Eli", "eli@example.org", "member"))
    return lines([past.COLUMNS, *([row[name] for name in past.COLUMNS] for row in quarter_rows())])


def send(client, coalition, kind, content, name="x.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    where = {"people": "people/import/", "quarters": "import/"}[kind]
    return client.post(f"/c/{coalition.slug}/{where}", {"file": SimpleUploadedFile(name, data)})


def keep(client, coalition, kind, text):
    where = {"people": "people/import/", "quarters": "import/"}[kind]
    return client.post(f"/c/{coalition.slug}/{where}", {"text": text, "act": "keep"})


def without(text: str, column: int) -> str:
    """A file with one column less."""
    return "\r\n".join(",".join(c for at, c in enumerate(row.split(",")) if at != column) for row in text.split("\r\n"))


def bomb() -> bytes:
    """A kilobyte that would be a megabyte, if anybody unpacked it."""
    return b"PK\x03\x04" + zlib.compress(b"\0" * 1_000_000)


EVERY = {  # number and name: the file made of a good one, the row that is named
    "54 empty": (lambda text: "", 1),
    "54 header only": (lambda text: text.split("\r\n")[0], 1),
    "54 semicolons": (lambda text: text.replace(",", ";"), 1),
    "54 tabs": (lambda text: text.replace(",", "\t"), 1),
    "55 missing column": (lambda text: without(text, 1), 1),
    "55 column twice": (lambda text: "\r\n".join(f"{row},{row.split(',')[0]}" for row in text.split("\r\n") if row), 1),
    "55 unknown column": (lambda text: "\r\n".join(f"{row},is_staff" for row in text.split("\r\n") if row), 1),
    "56 ragged row": (lambda text: text + "x", -1),
    "56 open quotation": (lambda text: text + '"x', -1),
    "56 NUL": (lambda text: text.replace("\r\n", "\0\r\n").replace("\0\r\n", "\r\n", 1), 2),
    "56 a cell of 900 kB": (lambda text: text + "x" * 900_000, -1),
    "57 UTF-16": (lambda text: text.encode("utf-16"), 1),
    "57 Latin-1": (lambda text: (text + "Peña").encode("latin-1"), 1),
    "57 random": (lambda text: bytes(range(256)) * 9, 1),
    "57 PNG": (lambda text: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1),
    "57 workbook": (lambda text: b"PK\x03\x04\x14\0\x06\0\x08\0!\0", 1),
    "57 bomb": (lambda text: bomb(), 1),
    "58 2,001 rows": (lambda text: text.split("\r\n")[0] + "\r\n" + (text.split("\r\n")[1] + "\r\n") * 2001, None),
    "58 1.1 MB": (lambda text: text + "x" * 1_100_000, 1),
    "58 51 columns": (lambda text: "\r\n".join(row + "," * 48 for row in text.split("\r\n") if row), 1),
}
OF_PEOPLE = {
    "59 an address twice": (people(("A", "dee@example.org", "member"), ("B", "dee@example.org", "member")), 3),
    "59 in capitals": (people(("A", "dee@example.org", "member"), ("B", " DEE@example.org ", "member")), 3),
    "59 with dots": (people(("A", "dee.x@example.org", "member"), ("B", "deex@example.org", "member")), 3),
    "59 in another composition": (
        people(("A", "jose@xn--pea-hoa.example.org", "member"), ("B", "jose@xn--pea-hoa.example.org", "member")), 3,
    ),
    **{
        f"61 {email[:20]!r}": (people(("A", email, "member")), 2)
        for email in (
            "a@b", '"a b"@c.de', "a@[127.0.0.1]", "x" * 308 + "@example.org", "a@example.org\r\nBcc: b@example.org",
            "a@example.org\nBcc: b@example.org", "a@xn--...", "", "nobody", "a@b@c.de",
        )
    },
    **{
        f"62 {role!r}": (people(("A", "a@example.org", role)), 2)
        for role in ("members", "lead", "admin", "administrator", "evaluator", "funder", "", "１")
    },
    "65 499 right and one wrong": (
        people(*((f"P{n}", f"p{n}@example.org", "member") for n in range(499)), ("Q", "q", "member")), 501,
    ),
    "64 hostile": (people(*((f"P{n}", f"p{n}@example.org", "member") for n in range(5)), (PAYLOAD, PAYLOAD, PAYLOAD)), 7),
}  # fmt: skip
CASES = [
    *((kind, name, make(good_of), row) for name, (make, row) in EVERY.items() for kind, good_of in (
        ("people", people(("Dee", "dee@example.org", "member"), ("Eli", "eli@example.org", "member"))),
        ("quarters", lines([past.COLUMNS, *[("2024Q1", "core", "1", "1.2", "", 2, "", "", "")]])),
    )),
    *(("people", name, text, row) for name, (text, row) in OF_PEOPLE.items()),
]  # fmt: skip


@pytest.mark.parametrize("kind, name, content, row", CASES, ids=[f"{kind} {name}" for kind, name, *_rest in CASES])
def test_a_bad_file_is_422_with_numbered_reasons_and_nothing_is_saved(
    lead, coalition, caplog, kind, name, content, row
):
    before = dump()
    answer = send(lead, coalition, kind, content)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Nothing was imported." in page
    if row is not None:
        last = content.count("\r\n") + 1 if isinstance(content, str) else 1
        assert f'<th scope="row">1</th><td>{last if row == -1 else row}</td>' in page
    assert "<img src=x" not in page and "<img src=x" not in caplog.text
    if isinstance(content, str) and 0 < len(content) < 990_000 and "\0" not in content:
        assert keep(lead, coalition, kind, content).status_code == 422
    assert dump() == before


@pytest.mark.parametrize("kind", COLUMNS)
def test_54_a_mark_and_any_line_ends_are_taken(lead, coalition, kind):
    for text in (MARK + good(kind), good(kind).replace("\r\n", "\n"), good(kind).replace("\r\n", "\r")):
        assert send(lead, coalition, kind, text).status_code == 200
    mixed = good(kind).replace("\r\n", "\n", 1).replace("\r\n", "\r", 1)
    assert send(lead, coalition, kind, mixed).status_code == 200


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize(
    "sent", [{}, {"act": "keep"}, {"text": ""}, {"file": "no file"}, {"act": "x", "text": "\ufffd"}]
)
def test_nothing_or_no_file_at_all(lead, coalition, kind, sent):
    before = dump()
    where = {"people": "people/import/", "quarters": "import/"}[kind]
    assert lead.post(f"/c/{coalition.slug}/{where}", sent).status_code == 422
    assert dump() == before


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM", "＝1", "<b>x</b>", '"', "a,b"])
def test_63_a_formula_is_text_in_and_guarded_out(lead, coalition, text):
    rows = quarter_rows(c1_2={"reason": text})
    assert (
        keep(
            lead, coalition, "quarters", lines([past.COLUMNS, *([r[n] for n in past.COLUMNS] for r in rows)])
        ).status_code
        == 303
    )
    assert AgreedRating.objects.get(indicator__code="1.2").reason == text
    out = lead.get(f"/c/{coalition.slug}/import/quarters.csv").content.decode()
    begins = text[0] in "=+-@＝"
    assert (("'" + text).replace('"', '""') in out) == begins


def test_63_a_guard_that_somebody_typed_is_taken_off_once(lead, coalition):
    keep(lead, coalition, "people", "name,email,role\n'1,a@example.org,member\n''2,b@example.org,member\n")
    assert sorted(User.objects.filter(email__in=["a@example.org", "b@example.org"]).values_list("name", flat=True)) == [
        "'2",
        "1",
    ]


def test_64_what_a_cell_holds_is_shown_as_text(lead, coalition):
    page = send(lead, coalition, "people", people(("A", PAYLOAD, "member"))).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in page and PAYLOAD not in page


@pytest.mark.parametrize(
    "name", ["../../x.csv", "x" * 300 + ".csv", "a\0.csv", "a.csv\r\nX: y", "", "x.exe", "<b>.csv"]
)
def test_66_the_name_of_a_file_says_nothing(lead, coalition, name):
    answer = send(lead, coalition, "people", good("people"), name=name or "x")
    assert answer.status_code == 200 and "X" not in answer.headers
    assert "&lt;b&gt;.csv" not in answer.content.decode()


def test_the_good_files_are_taken(lead, coalition):
    """The control: what is refused above is refused for what was changed."""
    for kind in COLUMNS:
        assert send(lead, coalition, kind, good(kind)).status_code == 200
        assert keep(lead, coalition, kind, good(kind)).status_code == 303
    assert (
        Assessment.objects.count() == 1 and Membership.objects.filter(coalition=coalition, role="member").count() == 2
    )
    assert "Dee" in lead.get(f"/c/{coalition.slug}/people/").content.decode()
