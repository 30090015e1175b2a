"""Ballots on paper: who may type, what is kept, and that nothing typed can be read back."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from assessments.collecting import actions, ballots, close
from assessments.drafting import actions as drafting
from assessments.models import Assessment, Note, Release, Stage
from assessments.models.ballots import Answer, Ballot, Direction, ballot_access
from coalitions import actions as people
from coalitions.models import AuditEvent, Membership, Role, User
from milestones.models import Indicator, Milestone
from tests import factories

pytestmark = pytest.mark.django_db
MARKER = "Marker zebra 4711"


@pytest.fixture
def rosa(coalition):
    return factories.person(Role.MEMBER, coalition, name="Rosa")


def open_for(coalition, ana, rosa, **fields):
    assessment = factories.collecting_assessment(coalition, by=ana, **fields)
    actions.name_helper(assessment=assessment, user=rosa, by=ana)
    return assessment


@pytest.fixture
def assessment(coalition, ana, rosa):
    return open_for(coalition, ana, rosa)


@pytest.fixture
def typing(as_user, rosa):
    return as_user(rosa)


def asked(assessment):
    return [rating.indicator for rating in assessment.agreed_ratings.select_related("indicator").in_order()]


def sheet(assessment, mark="3", **extra) -> dict:
    """A filled form: one mark for every question."""
    marks = {f"mark_{row.pk}": mark for row in asked(assessment)}
    return {"key": str(uuid.uuid4()), "voice": "parent", **marks, **extra}


def kept(model):
    with ballot_access("test"):
        return list(model.objects.all())


# Who may


def test_a_helper_may_type_and_nobody_else(assessment, ana, ben, rosa, ada, fay, eve, sam, coalition, client, as_user):
    url = assessment.url("paper")
    otto = factories.person(Role.LEAD, factories.coalition("Sample Prairie Coalition", "IA"))
    assert client.get(url).status_code == 302
    expected = {rosa: 200, ben: 403, ana: 403, ada: 403, fay: 404, eve: 404, sam: 404, otto: 404}
    for user, status in expected.items():
        assert as_user(user).get(url).status_code == status
        posted = as_user(user).post(url, sheet(assessment))
        assert posted.status_code == (303 if user == rosa else status)
    assert len(kept(Ballot)) == 1


def test_a_helper_who_becomes_a_lead_types_no_more(assessment, typing, rosa):
    Membership.objects.filter(user=rosa).update(role=Role.LEAD)
    assert typing.get(assessment.url("paper")).status_code == 403
    assert typing.post(assessment.url("paper"), sheet(assessment)).status_code == 403
    assert kept(Ballot) == []


def test_a_helper_who_was_thanked_types_no_more(assessment, typing, rosa, ana):
    actions.thank_helper(assessment=assessment, user=rosa, by=ana)
    assert typing.post(assessment.url("paper"), sheet(assessment)).status_code == 403


# What is kept


def test_what_is_on_the_paper_is_kept_and_sent_at_once(assessment, typing):
    first, second, third, fourth, *_rest = asked(assessment)
    marks = {f"mark_{first.pk}": "0", f"mark_{second.pk}": "cant_see", f"mark_{third.pk}": "skip"}
    note = {f"note_{first.pk}": "The bus strike", f"tick_{first.pk}": "on"}
    form = {"key": str(uuid.uuid4()), "voice": "provider", **marks, f"mark_{fourth.pk}": "nothing", **note}
    answer = typing.post(assessment.url("paper"), {**form, "beyond": "Songs", "beyond_tick": "on"})
    assert answer.status_code == 303 and answer.url == assessment.url("paper")
    [ballot] = kept(Ballot)
    assert (ballot.voice, ballot.channel, ballot.sent, ballot.holder) == ("provider", "paper", True, None)
    assert (ballot.beyond, ballot.beyond_ticked) == ("Songs", True)
    rows = {row.indicator_id: (row.kind, row.level, row.note, row.note_ticked) for row in kept(Answer)}
    assert rows == {
        first.pk: ("level", 0, "The bus strike", True),
        second.pk: ("cant_see", None, "", False),
        third.pk: ("skip", None, "", False),
    }


def test_a_note_beside_no_box_is_kept_without_a_level(assessment, typing):
    row = asked(assessment)[0]
    note = {f"note_{row.pk}": "We met at night", f"tick_{row.pk}": "on"}
    typing.post(assessment.url("paper"), {"key": str(uuid.uuid4()), "voice": "parent", **note})
    assert [(answer.kind, answer.level, answer.note) for answer in kept(Answer)] == [("skip", None, "We met at night")]


def test_a_blank_paper_is_a_ballot_without_answers(assessment, typing):
    typing.post(assessment.url("paper"), {"key": str(uuid.uuid4()), "voice": "parent"})
    assert len(kept(Ballot)) == 1 and kept(Answer) == []


def test_see_the_spread_asks_no_voice_and_keeps_none(coalition, ana, rosa, typing):
    assessment = open_for(coalition, ana, rosa, room_sees="see_the_spread")
    assert 'name="voice"' not in typing.get(assessment.url("paper")).content.decode()
    assert typing.post(assessment.url("paper"), sheet(assessment, voice="parent")).status_code == 303
    assert [ballot.voice for ballot in kept(Ballot)] == [""]


def test_directions_are_asked_from_the_second_quarter_on(coalition, ana, rosa, typing):
    factories.submitted(coalition, by=ana, quarter=factories.QUARTER.previous)
    assessment = open_for(coalition, ana, rosa)
    first, second = Milestone.objects.filter(rubric=assessment.rubric)[:2]
    said = {f"direction_{first.pk}": "forward", f"direction_{second.pk}": "nothing"}
    assert typing.post(assessment.url("paper"), sheet(assessment, **said)).status_code == 303
    assert [(row.milestone_id, row.choice) for row in kept(Direction)] == [(first.pk, "forward")]


def test_a_first_quarter_asks_no_direction(assessment, typing):
    assert "direction_" not in typing.get(assessment.url("paper")).content.decode()


def test_a_typed_paper_counts_like_any_other(assessment, typing, ana):
    for _paper in range(5):
        typing.post(assessment.url("paper"), sheet(assessment, "2"))
    close.close(assessment=assessment, by=ana)
    body = json.loads(Release.objects.get().body)
    assert {item["level"] for item in body["indicators"]} == {2} and kept(Ballot) == []


def test_ticked_notes_of_papers_are_read_after_close_from_ten_on(assessment, typing, ana):
    row = asked(assessment)[0]
    for number in range(10):
        note = {f"note_{row.pk}": f"Note {number}", f"tick_{row.pk}": "on"}
        typing.post(assessment.url("paper"), sheet(assessment, **note))
    assert not Note.objects.exists()
    close.close(assessment=assessment, by=ana)
    assert {note.text for note in Note.objects.all()} == {f"Note {number}" for number in range(10)}


def test_the_history_says_who_typed_and_nothing_of_what(assessment, typing, rosa):
    row = asked(assessment)[0]
    typing.post(assessment.url("paper"), sheet(assessment, **{f"note_{row.pk}": MARKER, f"tick_{row.pk}": "on"}))
    [event] = AuditEvent.objects.filter(verb="type_paper")
    assert event.by == rosa
    said = repr({field.name: getattr(event, field.name) for field in event._meta.fields})
    assert MARKER not in said and "parent" not in said


# Nothing is read back


def test_nothing_typed_is_on_any_page_after(assessment, typing, as_user, rosa, ana, ben, ada, coalition):
    row = asked(assessment)[0]
    typed = sheet(assessment, "4", beyond=MARKER, beyond_tick="on")
    typed |= {f"note_{row.pk}": MARKER, f"tick_{row.pk}": "on", "voice": "partner"}
    answer = typing.post(assessment.url("paper"), typed)
    assert MARKER not in answer.content.decode() and "partner" not in repr(answer.headers)
    names = ["paper", "print_worksheet", "print_tally", "assessment"]
    pages = [*map(assessment.url, names), coalition.get_absolute_url(), f"{coalition.get_absolute_url()}history/"]
    for user in (rosa, ana, ben, ada):
        for address in pages:
            assert MARKER not in as_user(user).get(address).content.decode(), (user, address)
    fresh = as_user(rosa).get(assessment.url("paper")).content.decode()
    assert " checked" not in fresh and typed["key"] not in fresh


def test_the_same_form_twice_adds_one_and_says_nothing_of_the_first(assessment, typing):
    form = sheet(assessment, beyond=MARKER, beyond_tick="on")
    for _time in range(2):
        assert typing.post(assessment.url("paper"), form).status_code == 303
    assert len(kept(Ballot)) == 1 and AuditEvent.objects.filter(verb="type_paper").count() == 1


@pytest.mark.parametrize("change", ["mark", "voice", "beyond", "note"])
def test_another_paper_under_the_same_key_is_refused_and_not_lost(assessment, typing, change):
    row = asked(assessment)[0]
    form = sheet(assessment, beyond=MARKER, beyond_tick="on")
    typing.post(assessment.url("paper"), form)
    other = {
        "mark": {f"mark_{row.pk}": "1"},
        "voice": {"voice": "staff"},
        "beyond": {"beyond": "Other words"},
        "note": {f"note_{row.pk}": "New", f"tick_{row.pk}": "on"},
    }
    again = form | {"beyond": "Mine"} | other[change]
    refused = typing.post(assessment.url("paper"), again)
    text = refused.content.decode()
    assert refused.status_code == 422 and "This page is old" in text
    assert MARKER not in text and again["beyond"] in text
    assert len(kept(Ballot)) == 1 and kept(Ballot)[0].beyond == MARKER
    fresh = re.search(r'name="key" value="([^"]+)"', text)[1]
    assert typing.post(assessment.url("paper"), again | {"key": fresh}).status_code == 303
    assert len(kept(Ballot)) == 2


def test_the_key_of_somebodys_own_ballot_opens_and_changes_nothing(assessment, typing):
    factories.ballot(assessment, 1)
    [theirs] = kept(Ballot)
    refused = typing.post(assessment.url("paper"), sheet(assessment, key=str(theirs.pk)))
    assert refused.status_code == 422 and [ballot.channel for ballot in kept(Ballot)] == ["person"]
    assert {answer.level for answer in kept(Answer)} == {1}


# The counts


def said(client, assessment, **fields):
    answer = client.post(assessment.url("paper"), sheet(assessment, **fields), follow=True)
    return re.search(r'class="notice notice-(\w+)"[^>]*><p>(.*?)</p>', answer.content.decode()).groups(), answer


def test_the_count_is_beside_how_many_papers_there_are(assessment, typing):
    assert "0 papers are typed in so far." in typing.get(assessment.url("paper")).content.decode()
    notice, answer = said(typing, assessment)
    assert notice == ("success", "Added. 1 paper is typed in so far.")
    assert "1 paper is typed in so far." in answer.content.decode()
    notice, answer = said(typing, assessment, papers="4")
    assert notice == ("success", "Added. 2 of 4 papers are typed in.")
    assert re.search(r'name="papers" value="4"', answer.content.decode())
    (level, words), _answer = said(typing, assessment, papers="4", last="on")
    assert level == "warning" and "Papers in all: 4. Typed in: 3." in words
    assert said(typing, assessment, papers="4", last="on")[0] == ("success", "Added. All 4 papers are typed in.")
    (level, words), _answer = said(typing, assessment, papers="4")
    assert level == "warning" and "Papers in all: 4. Typed in: 5." in words and "in twice" in words


def test_papers_typed_do_not_count_other_ballots(assessment, typing):
    factories.ballot(assessment, 2)
    assert "0 papers are typed in so far." in typing.get(assessment.url("paper")).content.decode()


@pytest.mark.parametrize("query", ["0", "-1", "abc", "1e3", "99999", "٣", "<b>"])
def test_a_wrong_number_in_the_address_is_no_number(assessment, typing, query):
    page = typing.get(assessment.url("paper"), {"papers": query})
    assert page.status_code == 200 and not re.search(r'name="papers" value=', page.content.decode())


# Bad input


def refused(client, assessment, **fields):
    answer = client.post(assessment.url("paper"), sheet(assessment, **fields))
    assert answer.status_code == 422 and kept(Ballot) == []
    return answer.content.decode()


@pytest.mark.parametrize("level", ["5", "-1", "1e3", "3.5", "٣", "9" * 5000, "NaN", "level", "a\0b"])
def test_a_level_that_is_none_is_refused(assessment, typing, level):
    row = asked(assessment)[0]
    text = refused(typing, assessment, **{f"mark_{row.pk}": level, "beyond": "Still here", "beyond_tick": "on"})
    assert "Still here" in text and f'id="id_mark_{row.pk}_error"' in text
    assert text.count(" checked") == len(asked(assessment)) - 1 + 1 + 1  # the other marks, the voice, the tick


@pytest.mark.parametrize("voice", ["", "lead", "parent,provider"])
def test_a_voice_is_one_of_five(assessment, typing, voice):
    assert 'id="id_voice_error"' in refused(typing, assessment, voice=voice)


@pytest.mark.parametrize("key", ["", "no-key", "{12345678-1234-4234-8234-123456789abc}"])
def test_a_key_has_one_spelling(assessment, typing, key):
    assert "This page is old" in refused(typing, assessment, key=key)


def test_a_note_that_is_too_long_stays(assessment, typing):
    row = asked(assessment)[0]
    text = refused(typing, assessment, **{f"note_{row.pk}": "y" * 1040, f"tick_{row.pk}": "on"})
    assert "40 characters too long" in text and "y" * 1040 in text


def test_a_note_without_its_tick_is_asked_about(assessment, typing):
    row = asked(assessment)[0]
    text = refused(typing, assessment, **{f"note_{row.pk}": "Only for me"})
    assert "This note has no tick" in text and "Only for me" in text


@pytest.mark.parametrize("papers", ["", "many", "0", "1000", "-2"])
def test_the_last_paper_needs_the_number_of_papers(assessment, typing, papers):
    assert 'id="id_papers_error"' in refused(typing, assessment, papers=papers, last="on")


def test_what_is_on_no_form_changes_nothing(assessment, typing):
    retired = Indicator.objects.exclude(pk__in=[row.pk for row in asked(assessment)]).first()
    posted = sheet(assessment, **{f"mark_{retired.pk}": "4", "sent": "", "channel": "person", "holder": "x"})
    assert typing.post(assessment.url("paper"), posted).status_code == 303
    assert retired.pk not in {answer.indicator_id for answer in kept(Answer)}
    assert [(ballot.channel, ballot.sent, ballot.holder) for ballot in kept(Ballot)] == [("paper", True, None)]


def test_the_other_language_keeps_what_was_typed(assessment, typing):
    row = asked(assessment)[0]
    typed = sheet(assessment, beyond="Canciones", beyond_tick="on", papers="7", language="es")
    text = typing.post(assessment.url("paper"), typed | {f"note_{row.pk}": "Hola"}).content.decode()
    assert (
        "Pasar una hoja de respuestas al sistema" in text
        and "Canciones" in text
        and "Hola" in text
        and typed["key"] in text
    )
    assert text.count(" checked") == len(asked(assessment)) + 2 and kept(Ballot) == []


# The wrong moment


def test_a_paper_after_close_is_given_back_to_whoever_typed_it(assessment, typing, ana):
    row = asked(assessment)[0]
    form = sheet(assessment, beyond="Beyond words", **{f"note_{row.pk}": MARKER, f"tick_{row.pk}": "on"})
    close.close(assessment=assessment, by=ana)
    late = typing.post(assessment.url("paper"), form)
    assert late.status_code == 409
    assert MARKER in late.content.decode() and "Beyond words" in late.content.decode()
    assert typing.get(assessment.url("paper")).status_code == 409
    assert MARKER not in typing.get(assessment.url("paper")).content.decode() and kept(Ballot) == []


def test_a_paper_after_the_deadline_is_late_though_nobody_closed(assessment, typing):
    Assessment.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    assert typing.post(assessment.url("paper"), sheet(assessment)).status_code == 409
    assert typing.get(assessment.url("paper")).status_code == 409 and kept(Ballot) == []


def test_a_draft_takes_no_paper(coalition, ana, rosa, typing):
    draft = factories.draft(coalition, by=ana)
    actions.name_helper(assessment=draft, user=rosa, by=ana)
    assert typing.get(draft.url("paper")).status_code == 409


def test_a_paper_that_arrives_while_it_closes_is_late(assessment, typing, monkeypatch):
    def closed_meanwhile(**_sheet):
        raise ballots.NotCollecting("closed")

    monkeypatch.setattr(ballots, "add_paper", closed_meanwhile)
    late = typing.post(assessment.url("paper"), sheet(assessment, beyond="Kept", beyond_tick="on"))
    assert late.status_code == 409 and "Kept" in late.content.decode()


# On paper


def worksheet(client, assessment, **query):
    answer = client.get(assessment.url("print_worksheet"), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("stage", Stage.values)
def test_the_blank_papers_are_there_at_every_stage(coalition, ana, ben, ada, fay, as_user, stage):
    assessment = factories.at_stage(coalition, stage, by=ana)
    for name in ("print_worksheet", "print_tally"):
        for user in (ana, ben, ada):
            assert as_user(user).get(assessment.url(name)).status_code == 200
        assert as_user(fay).get(assessment.url(name)).status_code == 404


def test_a_draft_says_so_and_asks_what_is_not_set_aside(coalition, ana, ben, as_user):
    draft = factories.draft(coalition, by=ana, mode="full")
    drafting.set_aside(assessment=draft, milestone=Milestone.objects.get(number=4), reason="We wait.", by=ana)
    text = worksheet(as_user(ben), draft, lang="en")
    assert "<strong>Draft</strong>" in text and "/join/" not in text
    assert text.count('class="question"') == 23 and "Financing" not in text
    assert 'class="sheet sheet-milestone"' in text and text.count('class="sheet ') == 8


def test_the_paper_has_five_boxes_a_question_and_what_the_room_will_see(assessment, as_user, ben):
    text = worksheet(as_user(ben), assessment, lang="en")
    for row in asked(assessment):
        assert row.question_en.replace("'", "&#x27;") in text
        for descriptor in row.descriptors.all():
            assert descriptor.text_en.replace("'", "&#x27;") in text
    assert "Which voice do you speak with today?" in text and "beside that of everyone else" in text
    assert "we delete each person" in text and "Not everyone agrees with them" in text
    assert assessment.join_code in text and 'class="qr"' in text and "Rosa" in text
    assert 'lang="es"' not in text.split('class="paper"')[1].split("</main>")[0]


def test_the_spread_has_no_voice_box(coalition, ana, ben, rosa, as_user):
    assessment = open_for(coalition, ana, rosa, room_sees="see_the_spread")
    text = worksheet(as_user(ben), assessment, lang="en")
    assert "Which voice do you speak with today?" not in text
    assert "one level for all of us. With 10 or more answers, it will also see how many people chose each" in text


def test_a_meeting_alone_promises_nothing_and_collects_nothing(coalition, ana, ben, as_user):
    assessment = factories.discussing_assessment(coalition, by=ana)
    text = worksheet(as_user(ben), assessment, lang="en")
    assert "Nobody collects it" in text and "we delete each" not in text and "Give this paper back" not in text


def test_the_code_of_the_room_is_for_those_who_rate_while_answers_are_open(assessment, as_user, ada, ana, ben):
    code = assessment.join_code
    assert code in worksheet(as_user(ana), assessment) and code in worksheet(as_user(ben), assessment)
    assert code not in worksheet(as_user(ada), assessment)
    close.close(assessment=assessment, by=ana)
    text = worksheet(as_user(ben), assessment)
    assert code not in text and "This is a blank copy" in text


@pytest.mark.parametrize("interface", ["en", "es"])
def test_the_language_of_the_paper_is_not_that_of_the_page(assessment, as_user, ben, interface):
    client = as_user(ben)
    client.cookies["django_language"] = interface
    row = asked(assessment)[0]
    both = worksheet(client, assessment)
    assert row.question_en in both and row.question_es in both and both.count('class="sheet ') == 18
    assert both.index(row.question_en) < both.index(row.question_es)
    spanish = worksheet(client, assessment, lang="es")
    assert row.question_es in spanish and row.question_en not in spanish
    assert "¿Desde qué lugar habla usted hoy?" in spanish and f'<html lang="{interface}">' in spanish
    english = worksheet(client, assessment, lang="en")
    assert "Which voice do you speak with today?" in english and row.question_es not in english
    assert worksheet(client, assessment, lang="xx").count('class="sheet ') == 18


def test_directions_are_on_the_paper_from_the_second_quarter_on(coalition, ana, ben, rosa, as_user):
    factories.submitted(coalition, by=ana, quarter=factories.QUARTER.previous)
    text = worksheet(as_user(ben), open_for(coalition, ana, rosa), lang="en")
    assert text.count("Since last quarter:") == 7 and "moved forward" in text


def test_the_first_quarter_has_none(assessment, as_user, ben):
    assert "Since last quarter:" not in worksheet(as_user(ben), assessment, lang="en")


def test_numbers_on_paper_and_on_the_typing_page_are_the_same(coalition, ana, rosa, typing):
    assessment = open_for(coalition, ana, rosa, mode="full")
    on_paper = re.findall(r"<h3>(\d+)\. (.*?)</h3>", worksheet(typing, assessment, lang="en"))
    typed = re.findall(r"<legend>(\d+)\. (.*?)</legend>", typing.get(assessment.url("paper")).content.decode())
    assert len(on_paper) == 27 and on_paper == typed


def test_only_a_helper_finds_the_way_to_typing(assessment, as_user, rosa, ben, ana):
    way = f'href="{assessment.url("paper")}"'
    for name in ("print_worksheet", "print_tally"):
        assert way in as_user(rosa).get(assessment.url(name)).content.decode()
        for user in (ben, ana):
            assert way not in as_user(user).get(assessment.url(name)).content.decode()


def test_the_tally_sheet_counts_papers_and_names_nobody(assessment, as_user, ben):
    factories.ballot(assessment, 2)
    text = as_user(ben).get(assessment.url("print_tally")).content.decode()
    for words in ("Handed out", "Came back", "Typed in", "Spoiled", "Initials", "shred every paper", "Never copy"):
        assert words in text
    with translation.override("es"):
        assert "Entregadas" in as_user(ben).get(assessment.url("print_tally") + "?lang=es").content.decode()


@pytest.mark.parametrize("since", ["leads", "is gone"])
def test_the_paper_sends_nobody_to_a_helper_who_types_no_more(assessment, as_user, rosa, ben, ana, since):
    """It says that the helper is a member, never a lead."""
    membership = Membership.objects.get(user=rosa)
    if since == "leads":
        people.change_role(membership=membership, role=Role.LEAD, by=ana)
        page = as_user(rosa).get(assessment.url("print_worksheet")).content.decode()
        assert assessment.url("paper") not in page
    else:
        people.remove(membership=membership, by=ana)
    page = worksheet(as_user(ben), assessment, lang="en")
    assert "Rosa" not in page and 'Give it to: <span class="fill-in">' in page


def test_a_helper_without_a_name_is_not_told_by_their_address(assessment, as_user, rosa, ben):
    """The sheets are handed out on paper."""
    User.objects.filter(pk=rosa.pk).update(name="")
    for name in ("print_worksheet", "print_tally"):
        page = as_user(ben).get(assessment.url(name)).content.decode()
        assert rosa.email not in page and "@" not in page
