"""Reports as PDF: they stand alone, are tagged and valid as PDF/UA-1 in both languages, and no text becomes markup."""

import io
from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page import validate_pdf_bytes

from assessments.reports import glyphs, pdf
from assessments.reports.blocks import Items, Part, Report, Table, Words
from assessments.reports.report_method import method
from assessments.reports.strips import Strip
from tests import factories
from tests.assessments.reports.made import NEVER_OUT, OUT_WITH_STORY, Q1, share_all, told
from tests.assessments.reports.pdf_text import kinds, lines, opened, pages, said, squeezed, tables, tags

pytestmark = pytest.mark.any_engine("postgres")

INSIDE = "/c/sample-buckeye-coalition/2026q2/print/report.pdf"
SHARED = "/states/OH/sample-buckeye-coalition.pdf"
STATE = "/states/OH.pdf"
SAMPLE = {"en": "Sample data. Not real ratings.", "es": "Datos de ejemplo. No son respuestas reales."}


@pytest.fixture
def assessment(coalition, ana):
    factories.share(factories.submitted(coalition, by=ana, quarter=Q1, level=1, mode="full"), by=ana)
    made = told(coalition, by=ana, mode="full", level=3)
    share_all(made, by=ana)
    return made


def broken_rules(content: bytes) -> list[str]:
    """What a validator of PDF/UA-1, which is not ours, finds wrong."""
    return [f"{found.rule_id} {found.message}" for found in validate_pdf_bytes(content, profile="ua1").failures]


def fetched(client, address, language="en"):
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    return answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", [INSIDE, SHARED, STATE])
def test_a_report_is_pdf_ua_1(assessment, as_user, ana, fay, address, language):
    content = fetched(as_user(ana if address == INSIDE else fay), address, language)
    assert broken_rules(content) == []
    document = opened(content)
    root = document.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang).split("-")[0] == language
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert ("Report" if language == "en" else "Informe") in metadata["dc:title"]
    for page in document.pages:
        assert str(page.Tabs) == "/S"
        assert all("/ToUnicode" in font for font in page.Resources.Font.values())
        assert all("/StructParent" in note and str(note.Contents) for note in page.get("/Annots", []))


@pytest.mark.django_db
def test_the_validator_finds_what_is_missing(assessment, as_user, ana):
    """The negative control."""
    document, without = opened(fetched(as_user(ana), INSIDE)), io.BytesIO()
    del document.Root.StructTreeRoot
    document.save(without)
    assert any("StructTreeRoot" in rule for rule in broken_rules(without.getvalue()))


@pytest.mark.django_db
@pytest.mark.parametrize("address", [INSIDE, SHARED, STATE])
def test_headings_tables_and_pictures_have_their_tags(assessment, as_user, ana, fay, address):
    content = fetched(as_user(ana if address == INSIDE else fay), address)
    found = tags(content)
    depths = [int(kind[1:]) for kind in kinds(content) if kind[0] == "H" and kind[1:].isdigit()]
    assert depths[0] == 1 and depths.count(1) == 1
    assert all(below - above <= 1 for above, below in zip(depths, depths[1:], strict=False)), "no depth is left out"
    figures = [tag for tag in found if tag.kind == "Figure"]
    assert len(figures) >= 14 and all(tag.alt.strip() for tag in figures)
    heads = [tag for tag in found if tag.kind == "TH"]
    assert len(heads) >= 14 and {tag.scope for tag in heads} == {"Column"}
    assert {"Table", "TR", "TD", "L", "LI", "P"} <= set(kinds(content))
    for head, *rows in tables(content):
        assert set(head) == {"TH"} and rows and all(row == ["TD"] * len(head) for row in rows)


@pytest.mark.django_db
def test_a_picture_says_what_it_shows_in_the_language_of_the_report(assessment, as_user, fay):
    said = {tongue: [tag.alt for tag in tags(fetched(as_user(fay), SHARED, tongue)) if tag.alt] for tongue in SAMPLE}
    assert any("Strong (3)" in alt for alt in said["en"]) and any("Fuerte (3)" in alt for alt in said["es"])
    assert not set(said["en"]) & set(said["es"])


@pytest.mark.parametrize("source", ["= T\n#image(bytes(sys.inputs.svg))", "= T\n=== Deep", "= T\n\u5100"])
def test_typst_refuses_a_picture_without_words_a_depth_left_out_and_a_character_without_a_picture(source):
    """The negative control: what the other tests rely on would be noticed."""
    import typst

    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
    source = '#set document(title: "T")\n#set text(font: "Source Sans 3", fallback: false)\n' + source
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        typst.compile(source.encode(), font_paths=pdf.fonts(), sys_inputs={"svg": svg}, pdf_standards=[pdf.STANDARD])


def report(parts, *, title="Sample", sample=True):
    return Report(
        title=title, about="Report", facts=[("State", "Ohio")], address="https://example.org/", lede="A line.",
        made_at=datetime(2026, 5, 1, tzinfo=UTC), who_sees="Us.", parts=parts, sample=sample,
    )  # fmt: skip


MARKUP = [
    '#let x = 1; #read("/etc/passwd") #panic("no")', "$ x^2 $ *bold* _thin_ `raw` <label> @reference", "= Heading\n- list",
    "\\ \\u{41} // comment /* more */ -- --- ... ~", "{[()]} \"quoted\" 'single' “curly” ‘these’", "<b>&amp;</b> {{ 1 }} {% x %}",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_text_is_printed_as_it_was_written(text):
    content = pdf.pdf(report([Part(text, [Words(text, label=text, hint=text), Items([Words(text)])])]))
    assert said(content).count(squeezed(text.replace("\n", ""))) >= 5
    assert kinds(content).count("H1") == 1


def test_emoji_right_to_left_and_long_words_are_printed_whole():
    long = "w" * 900
    content = pdf.pdf(report([Part("Words", [Words(f"Ours 😀 ❤️ العربية עברית ñandú Việt нет {long} end")])]))
    printed = said(content)
    assert squeezed(long) in printed and "end" in printed and "ñandú" in printed and "нет" in printed
    assert {"😀", "❤"} <= set(printed) and set("العربية") <= set(printed) | set("ﺍ") and set("עברית") <= set(printed)
    assert "cannotbeprinted" not in printed


def test_what_no_font_can_draw_is_marked_and_said():
    printed = said(pdf.pdf(report([Part("Words", [Words("Ours: 儿童 \x07 end")])])))
    assert "Ours:□□end" in printed and "cannotbeprintedhere" in printed


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_no_text_breaks_a_report(text, title):
    content = pdf.pdf(report([Part(title, [Words(text, label=text, hint=text), Items([Words(text)])])], title=title))
    assert opened(content).Root.MarkInfo.Marked and broken_rules(content) == []


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\x0b", "\U0001ffff"])
def test_no_name_breaks_the_words_of_a_picture(odd):
    table = Table("Levels", ["Milestone", "0 to 4"], [[f"Ours{odd}", Strip(2, said=f"Ours{odd}: Growing")]])
    content = pdf.pdf(report([Part("Levels", [table])]))
    assert "Ours" in said(content) and broken_rules(content) == []


def test_a_word_longer_than_a_line_breaks_and_every_word_can_be_searched_for():
    content = pdf.pdf(report([Part("Short words", [Words("Short words stand here. " + "https" * 60, label="x" * 90)])]))
    pieces = lines(content)[0]
    assert "words stand here. " in pieces and "\u200b" not in "".join(pieces)
    assert "https" * 60 in said(content) and max(map(len, pieces)) < 100, "no line is longer than the page is wide"


@pytest.mark.parametrize("language", ["en", "es"])
def test_sample_data_says_so_on_every_page_and_in_the_name(language):
    with translation.override(language):
        many = [Part("More", [Words("words " * 400)]) for _ in range(5)]
        content = pdf.pdf(report([*many, method("https://example.org/about/reading/")]))
        found = pages(content)
        assert len(found) > 3 and all(squeezed(SAMPLE[language]) in page for page in found)
        real = pdf.pdf(report(many, sample=False))
    assert squeezed(SAMPLE[language]) not in said(real)


@pytest.mark.django_db
def test_a_pdf_holds_the_title_block_the_method_and_what_is_shared(assessment, as_user, ana, fay):
    printed = said(fetched(as_user(fay), SHARED + "?q=2026q2"))
    wanted = [
        "Sample Buckeye Coalition", "2026 Q2", "1, submitted on", "Version of the milestones",
        "http://127.0.0.1:8000/states/OH/sample-buckeye-coalition/?q=2026q2", "How these levels are made", "5–9, 10–19 or 20+",
        "Use these levels to learn, not to put coalitions in order", *OUT_WITH_STORY,
    ]  # fmt: skip
    assert [words for words in wanted if squeezed(words) not in printed] == []
    assert [words for words in NEVER_OUT if squeezed(words) in printed] == []
    inside = said(fetched(as_user(ana), INSIDE))
    assert "canary-owner" in inside and squeezed("For our coalition only.") in inside


@pytest.mark.django_db
def test_the_same_content_gives_the_same_bytes(assessment, as_user, ana, fay, coalition):
    for user, address in ((ana, INSIDE), (fay, SHARED), (fay, STATE)):
        assert fetched(as_user(user), address) == fetched(as_user(user), address)
    first = fetched(as_user(fay), SHARED)
    coalition.name = "Sample Renamed Coalition"
    coalition.save()
    assert fetched(as_user(fay), SHARED) != first


@pytest.mark.django_db
def test_a_pdf_is_saved_under_a_name_that_says_what_it_is(assessment, as_user, fay, coalition):
    client = as_user(fay)
    assert (
        client.get(SHARED).headers["Content-Disposition"]
        == 'attachment; filename="report-sample-buckeye-coalition-2026q2.pdf"'
    )
    coalition.sample = True
    coalition.save()
    name = client.get(STATE).headers["Content-Disposition"]
    assert name == 'attachment; filename="sample-report-oh.pdf"'
    assert all(squeezed(SAMPLE["en"]) in page for page in pages(fetched(client, STATE)))


@pytest.mark.django_db
def test_a_pdf_that_did_not_change_is_not_made_again(assessment, as_user, fay, monkeypatch):
    client = as_user(fay)
    client.get("/states/")
    first = client.get(SHARED)
    monkeypatch.setattr(pdf, "pdf", lambda report: 1 / 0)
    again = client.get(SHARED, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "text, drawn",
    [("ab", "ab"), ("a\u0301", "á"), ("儿a", "□a"), ("😀\u0301", "😀□"), ("a\x00b", "ab"), ("\u200d\ufeffb", "b")],
)
def test_a_character_that_no_font_knows_is_marked(text, drawn):
    assert glyphs.drawable(text, glyphs.coverage(pdf.FONTS)) == drawn
