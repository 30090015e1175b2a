"""Evidence: adding, repeating, files cleaned and refused, who may save them."""

import io
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assessments.discussing import files
from assessments.models import Evidence, Stage
from coalitions.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PLACE = b"SAMPLE-CAMERA 9000"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def assessment(coalition, ana):
    return factories.discussing_assessment(coalition, by=ana)


def page(assessment, code="1.2"):
    return assessment.url("evidence", code)


def sent(**changes):
    fields = {"kind": "document", "shows": "Minutes of April", "voice": "provider", "visibility": "coalition_only"}
    return {"key": str(uuid4()), **fields, **changes}


def picture(kind="JPEG", size=(40, 30), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 90, 255)[: len(mode)]).save(out, kind, **options)
    return out.getvalue()


def photo_with_place():
    """A JPEG that says with what and where it was made, turned on its side."""
    exif = Image.Exif()
    exif[0x0110] = PLACE.decode()
    exif[0x0112] = 6  # turn it by 90 degrees to see it upright
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 57.0, 40.0)
    return picture(exif=exif, comment=b"at home")


def upload(content, name="photo.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type)


def add(client, assessment, content=None, name="photo.jpg", **changes):
    file = {} if content is None else {"file": upload(content, name)}
    return client.post(page(assessment), sent(**changes) | file)


def test_a_lead_adds_evidence(as_user, ana, assessment):
    answer = add(as_user(ana), assessment, dated="2026-04-02", link="https://example.org/minutes")
    assert (answer.status_code, answer["Location"]) == (303, page(assessment))
    item = Evidence.objects.get()
    assert (item.rating.indicator.code, item.kind, item.shows, item.voice) == (
        "1.2",
        "document",
        "Minutes of April",
        "provider",
    )
    assert (item.link, item.visibility, item.consent, item.added_by) == (
        "https://example.org/minutes", "coalition_only", False, ana,
    )  # fmt: skip
    html = as_user(ana).get(page(assessment)).content.decode()
    assert "Minutes of April" in html and 'rel="noopener noreferrer nofollow">example.org' in html


def test_nothing_is_chosen_and_the_warning_stands_there(as_user, ana, assessment):
    html = as_user(ana).get(page(assessment)).content.decode()
    assert "checked" not in html and "No children's names" in html.replace("&#x27;", "'")
    assert "Seat map marked filled or open" in html


def test_sent_twice_it_is_added_once(as_user, ana, assessment):
    form = sent()
    for _ in range(2):
        assert as_user(ana).post(page(assessment), form | {"file": upload(picture())}).status_code == 303
    assert Evidence.objects.count() == 1
    assert AuditEvent.objects.filter(verb="add_evidence").count() == 1
    assert len(default_storage.listdir("evidence")[1]) == 1


def test_the_same_key_with_other_words_keeps_the_first_and_can_be_sent_again(as_user, ana, assessment):
    form = sent()
    as_user(ana).post(page(assessment), form)
    answer = as_user(ana).post(page(assessment), {**form, "shows": "Minutes of May"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "Minutes of May" in html and f'value="{form["key"]}"' not in html
    assert [item.shows for item in Evidence.objects.all()] == ["Minutes of April"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "Choose one"),
        ({"kind": "rumour"}, "Choose one of these"),
        ({"voice": ""}, "Choose one"),
        ({"visibility": ""}, "Choose one"),
        ({"shows": ""}, "Write something here"),
        ({"shows": "x" * 2001}, "1 character too long"),
        ({"dated": "2026-02-30"}, "Write the date like this"),
        ({"dated": "0000-01-01"}, "Write the date like this"),
        ({"dated": "10000-01-01"}, "Write the date like this"),
        ({"dated": "2026-11-01T01:30"}, "Write the date like this"),
        ({"link": "javascript:alert(1)"}, "Write the whole link"),
        ({"link": "java\tscript:alert(1)"}, "hidden character"),
        ({"link": "data:text/html,x"}, "Write the whole link"),
        ({"link": "vbscript:x"}, "Write the whole link"),
        ({"link": "ftp://example.org/x"}, "Write the whole link"),
        ({"link": "//evil.example"}, "Write the whole link"),
        ({"link": "https://good.org@evil.org/"}, "before the site"),
        ({"link": "https://example.org/" + "x" * 3000}, "too long"),
        ({"kind": "story"}, "Ask the people first"),
        ({"key": ""}, "This page is old"),
    ],
)
def test_bad_input_adds_nothing_and_keeps_what_was_typed(as_user, ana, assessment, changes, said):
    answer = add(as_user(ana), assessment, **{"dated": "2026-04-02", **changes})
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html
    assert "shows" in changes or "Minutes of April" in html
    assert not Evidence.objects.exists()


def test_a_story_needs_consent(as_user, ana, assessment):
    assert add(as_user(ana), assessment, kind="story", consent="on").status_code == 303
    assert Evidence.objects.get().consent


def test_the_tag_grows_with_the_evidence(as_user, ana, assessment):
    client = as_user(ana)
    shown = []
    for kind, voice in [("document", "staff"), ("count", "staff"), ("event", "parent")]:
        add(client, assessment, kind=kind, voice=voice)
        html = client.get(page(assessment)).content.decode()
        shown.append(html.split("How solid it is now: <strong>")[1].split("<")[0])
    assert shown == ["Some", "Some", "Solid"]


def test_a_photo_loses_place_and_camera_and_stands_upright(as_user, ana, assessment):
    content = photo_with_place()
    assert PLACE in content and b"at home" in content
    assert add(as_user(ana), assessment, content, name="../../home of Maria.jpg").status_code == 303
    item = Evidence.objects.get()
    with item.file.open() as stored:
        kept = stored.read()
    assert PLACE not in kept and b"at home" not in kept and b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (30, 40), {})
    assert item.file_type == "image/jpeg"
    assert "Maria" not in item.file.name and item.file.name.startswith("evidence/")


@pytest.mark.parametrize(
    ("content", "file_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("PNG", mode="RGBA"), "image/png"),
        (picture("WEBP"), "image/jpeg"),
        (picture("JPEG", size=(6000, 20)), "image/jpeg"),
        (PDF, "application/pdf"),
    ],
)
def test_what_is_taken(as_user, ana, assessment, content, file_type):
    assert add(as_user(ana), assessment, content, name="x.bin").status_code == 303
    item = Evidence.objects.get()
    assert item.file_type == file_type
    answer = as_user(ana).get(assessment.url("evidence_file", item.pk))
    assert answer.status_code == 200 and answer["Content-Type"] == file_type
    if file_type != "application/pdf":
        with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:
            assert max(image.size) <= files.LONGEST_SIDE
    answer.close()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"hello", "Choose a picture (JPEG, PNG or WebP) or a PDF."),
        (SVG, "Choose a picture"),
        (b"<!doctype html><script>alert(1)</script>", "Choose a picture"),
        (b"PK\x03\x04" + b"0" * 200, "Choose a picture"),
        (picture("GIF"), "Choose a picture"),
        (picture("BMP"), "Choose a picture"),
        (picture()[:200], "Choose a picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "Choose a picture"),
        (b"%PDF-1.7\ncut off", "This PDF is cut off or broken"),
        (picture("PNG", size=(10_000, 6_000), mode="L"), "This picture is too large"),
    ],
    ids=["empty", "text", "svg", "html", "zip", "gif", "bmp", "cut jpeg", "cut png", "cut pdf", "too many pixels"],
)
def test_what_is_refused_keeps_the_words(as_user, ana, assessment, content, said):
    answer = add(as_user(ana), assessment, content)
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html and "Minutes of April" in html
    assert not Evidence.objects.exists() and not default_storage.exists("evidence")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_read():
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + b"\0" * 4
    with pytest.raises(files.BadFile):
        files.examined(upload(bomb))


def test_a_file_that_is_too_large_is_refused_with_the_limit(as_user, ana, assessment, settings):
    settings.EVIDENCE_MAX_MB = 1
    answer = add(as_user(ana), assessment, PDF + b" " * (1024 * 1024) + b"%%EOF")
    html = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 422 and "too large. It may have up to 1.0 MB" in html and "Minutes of April" in html


def test_switching_language_keeps_what_was_typed(as_user, ana, assessment):
    answer = add(as_user(ana), assessment, language="es")
    html = answer.content.decode()
    assert answer.status_code == 200 and 'lang="es"' in html and "Minutes of April" in html
    assert html.count("checked") == 3 and not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("stage", "status"), [("draft", 409), ("discussing", 303), ("submitted", 409), ("reopened", 303)]
)
def test_when_evidence_is_added(as_user, ana, coalition, stage, status):
    assessment = factories.at_stage(coalition, Stage(stage), by=ana)
    assert add(as_user(ana), assessment).status_code == status


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("ada", 403), ("fay", 404), ("eve", 404), ("sam", 404)])
def test_only_leads_add_and_remove(as_user, request, ana, assessment, who, status):
    add(as_user(ana), assessment)
    client = as_user(request.getfixturevalue(who))
    remove = assessment.url("evidence_delete", "1.2", Evidence.objects.get().pk)
    assert (client.get(page(assessment)).status_code, add(client, assessment).status_code) == (status, status)
    assert client.post(remove).status_code == status
    assert Evidence.objects.count() == 1


def test_an_indicator_that_was_not_asked_is_404(as_user, ana, assessment):
    assert as_user(ana).get(page(assessment, "1.1")).status_code == 404
    assert as_user(ana).get(page(assessment, "own-1")).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 200), ("ben", 200), ("ada", 403), ("fay", 404), ("eve", 404), ("sam", 404)]
)
def test_who_may_save_a_file(as_user, request, ana, assessment, who, status):
    add(as_user(ana), assessment, PDF)
    answer = as_user(request.getfixturevalue(who)).get(assessment.url("evidence_file", Evidence.objects.get().pk))
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Disposition"] == 'attachment; filename="evidence.pdf"'
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert b"".join(answer.streaming_content) == PDF
        answer.close()


def test_a_file_of_another_coalition_or_none_is_404(as_user, ana, assessment):
    other = factories.coalition("Sample Other Coalition", at="TX")
    olga = factories.person("lead", other)
    theirs = factories.discussing_assessment(other, by=olga)
    add(as_user(olga), theirs, PDF)
    add(as_user(ana), assessment)
    without_file = Evidence.objects.get(rating__assessment=assessment)
    for key in (Evidence.objects.get(rating__assessment=theirs).pk, without_file.pk, uuid4()):
        assert as_user(ana).get(assessment.url("evidence_file", key)).status_code == 404


def test_removed_twice_it_is_removed_once(as_user, ana, assessment):
    add(as_user(ana), assessment)
    remove = assessment.url("evidence_delete", "1.2", Evidence.objects.get().pk)
    for _ in range(2):
        answer = as_user(ana).post(remove)
        assert (answer.status_code, answer["Location"]) == (303, page(assessment))
    assert not Evidence.objects.exists()
    assert AuditEvent.objects.filter(verb="remove_evidence").count() == 1
    assert as_user(ana).post(assessment.url("evidence_delete", "1.2", uuid4())).status_code == 404


def test_what_a_revision_holds_can_be_saved_after_it_was_removed(as_user, ana, ben, assessment):
    add(as_user(ana), assessment, PDF)
    key = Evidence.objects.get().pk
    factories.rate_all(assessment, by=ana)
    factories.submit(assessment, by=ana)
    factories.submitting.reopen(assessment=assessment, number=1, reason="Wrong file", by=ana)
    assert as_user(ana).post(assessment.url("evidence_delete", "1.2", key)).status_code == 303
    answer = as_user(ben).get(assessment.url("evidence_file", key))
    assert answer.status_code == 200
    answer.close()
