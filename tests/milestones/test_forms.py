"""What every form refuses, and what it keeps: rows 1 to 23 and 67 of the bad-input catalogue that concern fields."""

import pytest
from django.core.exceptions import ValidationError

from milestones.forms import KeyField, LevelField, LinkField, PlainEmailField, PlainTextField

FAMILY = "👩\u200d👩\u200d👧"


def refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udfff x", "broken \ufffd bytes"])
def test_text_that_no_database_could_give_back_is_refused(text):
    assert "cannot read" in refusal(PlainTextField(max_length=50), text)


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\u3164", "\u200b \u00ad\u2060", "\n\t", None, "\u202e"])
def test_text_in_which_nothing_can_be_seen_is_missing(text):
    assert refusal(PlainTextField(max_length=50), text) == "Write something here"
    assert PlainTextField(max_length=50, required=False).clean(text) == ""


def test_length_is_counted_in_characters_and_said():
    assert PlainTextField(max_length=5).clean("😀" * 5) == "😀" * 5
    assert refusal(PlainTextField(max_length=10), "x" * 50) == "Your text is 40 characters too long"
    assert refusal(PlainTextField(max_length=10), "x" * 11) == "Your text is 1 character too long"


def test_a_browser_never_cuts_what_was_typed():
    assert "maxlength" not in str(PlainTextField(max_length=10).widget.attrs)


@pytest.mark.parametrize("text", [FAMILY, "𠜎𠜱", "z" + "\u0301" * 400, "<script>alert(1)</script>", "{{ 7 }}"])
def test_text_is_kept_whole(text):
    assert len(PlainTextField(max_length=2000).clean(text)) >= len(text) - 1


def test_lines_controls_and_marks_that_reorder_text():
    assert PlainTextField(max_length=50, lines=3).clean("a\r\nb\rc") == "a\nb\nc"
    assert PlainTextField(max_length=50).clean("a\r\nBcc: b") == "a Bcc: b"
    assert PlainTextField(max_length=50).clean("ab\u202ecd\x07") == "abcd"
    assert PlainTextField(max_length=50).clean("e\u0301") == "é"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "ftp://a.org", "//evil.org",
        "https:evil.org", "https://good.org@evil.org", "https://a.org\\@b.org", "https://localhost", "https://a..b",
        "https://a.org/ b", "https://a.org:99999", "https://[::1]/", "https://a.org/\u202egnp", "x",
        "https://a.org/" + "x" * 3000, "https://a\0.org",
    ],
)  # fmt: skip
def test_a_link_that_is_none_is_refused(link):
    assert refusal(LinkField(), link)


@pytest.mark.parametrize("link", ["https://a.org", "http://sub.a.org:8080/x?y=1#z", "https://exämple.org/ñ"])
def test_a_link_is_kept_as_it_is(link):
    assert LinkField().clean(f"  {link} ") == link


def test_a_level_is_one_of_five_exact_texts():
    assert [LevelField().clean(str(level)) for level in range(5)] == [0, 1, 2, 3, 4]
    assert LevelField(required=False).clean("") is None


@pytest.mark.parametrize(
    "level",
    ["5", "9", "-1", "1e3", "3.5", "NaN", "Infinity", "0x3", "true", "٣", "03", " 3", "3 ", "3\0", "9" * 5000, ""],
)
def test_any_other_level_is_refused_and_not_said_back(level):
    assert refusal(LevelField(), level) == "Choose a level"


@pytest.mark.parametrize("typed", ["A@B.Org ", "a@b.org", "A@B.ORG"])
def test_an_address_has_one_form(typed):
    assert PlainEmailField().clean(typed) == "a@b.org"


@pytest.mark.parametrize(
    "typed",
    ["a@b", '"a b"@c.org', "a@[127.0.0.1]", "a@b.org\r\nBcc: c@d.org", "a@b.c%0a", "x" * 320 + "@a.org", "a\0@b.org",
     "a\u200b@b.org", "a@a." * 25000],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(typed):
    assert refusal(PlainEmailField(), typed)


@pytest.mark.parametrize("key", ["x", "{0f8fad5b-d9cb-469f-a165-70867728950e}", "0F8FAD5B-D9CB-469F-A165-70867728950E"])
def test_a_key_has_one_spelling(key):
    assert "This page is old" in refusal(KeyField(), key)
    assert str(KeyField().clean("0f8fad5b-d9cb-469f-a165-70867728950e")) == "0f8fad5b-d9cb-469f-a165-70867728950e"
