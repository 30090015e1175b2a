"""A member's own ballot, page by page."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.collecting import ballot_pages as pages
from assessments.collecting import ballots
from assessments.collecting.asked import asks_direction
from assessments.collecting.ballot_forms import AnswerForm, LastPageForm, VoiceForm
from assessments.collecting.keys import room_of
from assessments.collecting.rater import (
    device_of,
    for_raters,
    is_over,
    known,
    let_go,
    not_taken,
    on_to,
    open_for,
    sign_in_first,
)
from assessments.collecting.wording import minutes
from assessments.models import RoomSees, Voice
from coalitions.access import require
from coalitions.permissions import Permission
from milestones.answers import is_switching_language, methods, page, read_form, see_other


def shown(rater, **more) -> dict:
    """What every page of a ballot needs."""
    by_code = rater.ballot is not None and rater.ballot.channel == "code" and rater.user is None
    return {"assessment": rater.assessment, "coalition": rater.assessment.coalition, "rater": rater,
            "ballot": rater.ballot, "by_code": by_code, "hand_to": reverse("join", args=[room_of(rater.device)]),
            **more}  # fmt: skip


@login_not_required
@known
@methods("GET", "POST")
@for_raters
def ballot(request, rater):
    """The first page: why, how long, who sees what; the button that begins is the voice one speaks with."""
    assessment = rater.assessment
    form = read_form(request, VoiceForm)
    compares = assessment.room_sees == RoomSees.COMPARE_VOICES
    questions = pages.questions_of(assessment)
    if request.method == "POST" and not is_switching_language(request) and (not compares or form.is_valid()):
        begun = ballots.begin(**rater.keys, voice=form.cleaned_data["voice"] if compares else "")
        if request.GET.get("back") == "check":
            return on_to(request, assessment.url("ballot_check"))
        return on_to(request, pages.to_go_on(assessment, questions, begun))
    context = shown(
        rater,
        buttons=pages.voice_buttons(assessment, rater.ballot),
        minutes=minutes(assessment),
        asked=len(questions),
        is_erased="erased" in request.GET,
        to_go_on=pages.to_go_on(assessment, questions, rater.ballot) if rater.ballot else "",
    )
    return page(request, "rate/ballot.html", context, form=form if compares else None)


def find(questions, **where):
    """The first question with this code, or of this milestone; 404 where none is asked."""
    for question in questions:
        if where in ({"code": question.indicator.code}, {"milestone": question.milestone.slug}):
            return question
    raise Http404


@login_not_required
@known
@methods("GET")
@for_raters
def ballot_milestone(request, rater, milestone):
    """A short page before the questions of one milestone, where there are several."""
    assessment, questions = rater.assessment, pages.questions_of(rater.assessment)
    if not rater.has_begun:
        return redirect(assessment.url("ballot"))
    question = find(questions, milestone=milestone)
    context = shown(
        rater,
        milestone=question.milestone,
        count=sum(other.milestone.slug == milestone for other in questions),
        back_url=pages.before_milestone(assessment, questions, question),
        next_url=assessment.url("ballot_question", question.indicator.code),
    )
    return page(request, "rate/milestone.html", context)


@login_not_required
@known
@methods("GET", "POST")
@for_raters
def ballot_question(request, rater, code):
    """One question: one tap answers, saves and goes on."""
    assessment, questions = rater.assessment, pages.questions_of(rater.assessment)
    question = find(questions, code=code)
    if not rater.has_begun:
        return redirect(assessment.url("ballot")) if request.method != "POST" else not_taken(request, rater)
    to_check = request.GET.get("back") == "check"
    before = rater.ballot.answers.get(question.indicator.pk)
    kept = {"note": before.note, "ticked": before.note_ticked} if before else {}
    form = read_form(request, AnswerForm, initial={} if is_switching_language(request) else kept)
    if form.is_valid():
        ballots.save_answer(**rater.keys, indicator=question.indicator, **form.given)
        going = assessment.url("ballot_check") if to_check else pages.after(assessment, questions, question)
        return on_to(request, going)
    return question_page(request, rater, questions, question, form)


def question_page(request, rater, questions, question, form):
    """The page of one question; what was tapped stays marked where it could not be saved."""
    assessment, kept = rater.assessment, rater.ballot.answers.get(question.indicator.pk)
    level, kind, mark = (kept.level, kept.kind, _("Your answer")) if kept else (None, "", "")
    if form.is_bound:
        level, kind = form.cleaned_data.get("level"), form.cleaned_data.get("answer")
        mark = _("You chose this. It is not saved yet.")
    to_check = request.GET.get("back") == "check"
    context = shown(
        rater,
        question=question,
        buttons=pages.level_buttons(assessment, question.indicator, level, mark),
        cant_see_mark=mark if kind == ballots.CANT_SEE else "",
        skip_mark=mark if kind == ballots.SKIP else "",
        back_url=assessment.url("ballot_check") if to_check else pages.before(assessment, questions, question),
        note_is_open=bool(form["note"].value() or form.errors.get("note")),
    )
    return page(request, "rate/question.html", context, form=form)


@login_not_required
@known
@methods("GET", "POST")
@for_raters
def ballot_check(request, rater):
    """The last page: all answers, direction, Beyond; Send, or change one. A button carries what was typed with it."""
    assessment, own = rater.assessment, rater.ballot
    if not rater.has_begun:
        return redirect(assessment.url("ballot")) if request.method != "POST" else not_taken(request, rater)
    questions = pages.questions_of(assessment)
    groups = pages.milestone_groups(assessment, questions, own)
    milestones = [group["milestone"] for group in groups] if asks_direction(assessment) else []
    kept = {f"direction-{row.slug}": own.directions.get(row.pk) for row in milestones}
    kept |= {"beyond": own.beyond, "beyond_ticked": own.beyond_ticked}
    initial = {} if is_switching_language(request) else kept
    form = read_form(request, LastPageForm, milestones=milestones, initial=initial)
    if form.is_valid():
        ballots.save_last_page(**rater.keys, **form.given, send="send" in request.POST)
        return on_to(request, after_last_page(request, assessment, questions))
    for group in groups:
        group["direction"] = form[f"direction-{group['milestone'].slug}"] if milestones else None
    voice = Voice(own.voice).label if own.voice else ""
    asks_voice = assessment.room_sees == RoomSees.COMPARE_VOICES
    return page(request, "rate/check.html", shown(rater, groups=groups, voice=voice, asks_voice=asks_voice), form=form)


def after_last_page(request, assessment, questions) -> str:
    """Where the button leads that was pressed on the last page: the end, one question, the voice, or here again."""
    if "send" in request.POST:
        return assessment.url("ballot_done")
    change = request.POST.get("change", "")
    if change == "voice":
        return assessment.url("ballot") + "?back=check"
    if any(change == question.indicator.code for question in questions):
        return assessment.url("ballot_question", change) + "?back=check"
    return assessment.url("ballot_check")


@login_not_required
@known
@methods("GET")
def ballot_done(request, slug, quarter):
    """The answers are in; what comes next. After close, for whoever is signed in, without answers."""
    rater = request.rater
    if rater is None:
        raise Http404
    if is_over(rater.assessment):
        return page(request, "rate/over.html", shown(rater)) if rater.is_member else let_go(
            sign_in_first(request), rater.assessment
        )  # fmt: skip
    if not ballots.is_open(rater.assessment):
        return not_taken(request, rater)
    if rater.ballot is None or not rater.ballot.sent:
        return redirect(rater.assessment.url("ballot_check" if rater.ballot else "ballot"))
    return page(request, "rate/done.html", shown(rater, **pages.own_words(rater.assessment, rater.ballot)))


@login_not_required
@known
@methods("POST")
@for_raters
def ballot_erase(request, rater):
    """Erase one's own ballot; who is signed in, or invited, can begin again."""
    ballots.erase(**rater.keys)
    address = (rater.assessment.url("ballot") if rater.is_member else reverse("join", args=["code"])) + "?erased=1"
    return let_go(see_other(address), rater.assessment)


@known
@methods("POST")
@for_raters
def ballot_end_device(request, rater):
    """Let no other browser hold this person's ballot."""
    ballots.end_other_device(assessment=rater.assessment, user=rater.user)
    return let_go(see_other(rater.assessment.url("ballot")), rater.assessment)


@methods("GET")
def my_answers(request):
    """One's own answers, to read and print while they are open; nobody's after close, one's own included."""
    require(request.user, Permission.RATE)
    found, running = [], open_for(request.user)
    for assessment in running:
        own = ballots.own(assessment, user=request.user, device=device_of(request, assessment))
        if own is not None and own.is_begun:
            found.append(pages.own_words(assessment, own))
    return page(request, "rate/my_answers.html", {"found": found, "open": running})
