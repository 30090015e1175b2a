"""The record page: what the coalition agreed on one indicator, saved as it is written."""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import access, guards, words
from assessments.discussing import actions
from assessments.discussing.heard import heard_of
from assessments.discussing.record_forms import AgreedRatingForm, DifferentViewForm, level_choices
from assessments.discussing.saving import both_texts
from assessments.levels import evidence_tag
from assessments.models import AFTER_CLOSE, RECORDING, DifferentView, Revision, RoomSees
from coalitions import audit
from coalitions.permissions import Permission, can
from milestones.answers import Conflict, is_switching_language, methods, page, read_form, see_other

PRESENT_FOR = 45  # seconds; pages say every 20 that they are open


def local_time(at, coalition) -> str:
    """A time of day where the coalition lives."""
    return date_format(timezone.localtime(at, coalition.zone), "g:i a")


@methods("GET", "POST")
def agreed_rating(request, slug, quarter, code):
    """What was agreed on one indicator; a lead records it, a member reads it and may add a different view."""
    posting = request.method == "POST"
    rating = access.get_rating(
        request.user,
        slug,
        quarter,
        code,
        to=Permission.RECORD if posting else Permission.READ_RECORD,
        at=RECORDING if posting else AFTER_CLOSE,
    )
    later = "later" in request.POST
    form = record_form(request, rating, finished=not later)
    if is_switching_language(request) and "seen" in request.POST:
        return conflict_again(request, rating)
    if form.is_bound and form.is_valid():
        try:
            kept = save(request, rating, form, confirm=not later)
            goes_on = rating.assessment.get_absolute_url() if later else after(rating) if kept else request.path
            return see_other(goes_on)
        except actions.Overwritten as conflict:
            return conflict_page(request, rating, conflict.theirs, conflict.mine)
        except ValidationError as lacking:
            form.add_error(None, lacking)
    return page(request, "discussing/record.html", record_context(request, rating, form), form=form)


def there_now(row) -> dict:
    """The values of a rating as they are."""
    return {name: getattr(row, name) for name in actions.BLANK_RATING}


def suggested_of(rating) -> int | None:
    """The level that the ballots suggest for a rating; None where there were none, or too few."""
    found = heard_of(rating)
    return found and found.suggested


def described_levels(rating):
    """The level cards of a rating's indicator."""
    return level_choices(rating.indicator, rating.assessment.rubric.levels.all())


def record_form(request, rating, *, finished=True, typed=None, drawn=True):
    """The record form of a rating: from what is there, from what was sent, or settling a conflict as was chosen.

    One that is not drawn needs no words on its cards.
    """
    levels = described_levels(rating) if drawn else None
    suggested = suggested_of(rating) if drawn else None
    if typed is not None:
        return AgreedRatingForm(data=typed, levels=levels, finished=finished)
    if "keep" in request.POST:
        data = request.POST.copy()
        data["version"] = data.get("seen", "")
        if data["keep"] == "both" and data["version"].isdecimal():
            there = there_now(rating)
            data["outcome"], data["level"] = there["outcome"], "" if there["level"] is None else str(there["level"])
            data["reason"] = both_texts(rating, int(data["version"][:6]), "reason", request.POST.get("reason", ""))
        return AgreedRatingForm(data=data, levels=levels, finished=data["keep"] == "mine", suggested=suggested)
    there = there_now(rating)
    there |= {"version": rating.version, "level": "" if rating.level is None else str(rating.level)}
    return read_form(request, AgreedRatingForm, initial=there, levels=levels, finished=finished, suggested=suggested)


def save(request, rating, form, *, confirm) -> bool:
    """Save the page, as finished or for later; or, after a conflict, leave what the other saved, and say False."""
    if request.POST.get("keep") == "theirs":
        actions.keep_theirs(row=rating, mine=form.sent, by=request.user)
        return False
    actions.save_agreed_rating(
        rating=rating, version=form.cleaned_data["version"], confirm=confirm, by=request.user, **form.sent
    )
    return True


def after(rating) -> str:
    """The record page of the next indicator that was asked, or the task list after the last."""
    codes = list(rating.assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True))
    assessment = rating.assessment
    aside = set(assessment.set_asides.values_list("milestone__slug", flat=True))
    skipped = set(
        assessment.agreed_ratings.filter(indicator__milestone__slug__in=aside).values_list("indicator__code", flat=True)
    )
    following = [code for code in codes[codes.index(rating.indicator.code) + 1 :] if code not in skipped]
    return assessment.url("agreed_rating", following[0]) if following else assessment.get_absolute_url()


def record_context(request, rating, form, **more) -> dict:
    """What the record page shows beside the form."""
    assessment = rating.assessment
    revision = Revision.objects.last_before(assessment)
    evidence = list(rating.evidence.all())
    codes = list(assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True))
    recording = assessment.is_recording and can(request.user, Permission.RECORD, assessment.coalition)
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "rating": rating,
        "indicator": rating.indicator,
        "milestone": rating.indicator.milestone,
        "place": {"number": codes.index(rating.indicator.code) + 1, "of": len(codes)},
        "levels": form.fields["level"].choices,
        "previous": revision and revision.asked(rating.indicator.lineage()),
        "previous_quarter": revision and revision.quarter,
        "level_names": {level.value: level.name for level in assessment.rubric.levels.all()},
        "evidence": evidence,
        "evidence_tag": evidence_tag((item.kind, item.voice) for item in evidence),
        "views": rating.different_views.select_related("signed_by").order_by("pk"),
        "heard": heard_of(rating),
        "notes": assessment.notes.filter(indicator=rating.indicator_id),
        "meeting_only": assessment.room_sees == RoomSees.MEETING_ONLY,
        "agreed": rating.level if rating.confirmed else None,
        "set_aside": assessment.set_asides.filter(milestone__slug=rating.indicator.milestone.slug).first(),
        "versions": versions_of(rating) if recording else [],
        "may_record": recording,
        "may_add_view": assessment.is_recording,
        "view_form": DifferentViewForm(),
        "saved_at": rating.saved_at and local_time(rating.saved_at, assessment.coalition),
        **more,
    }


def conflict_page(request, rating, theirs, mine):
    """409: both versions side by side, with three ways to settle it; nothing of either is lost."""
    sent = [("version", request.POST.get("version", "")), ("seen", theirs.version)]
    sent += [(name, "" if value is None else value) for name, value in mine.items()]
    context = {
        "assessment": rating.assessment,
        "coalition": rating.assessment.coalition,
        "heading": rating.indicator.question,
        "theirs_name": str(theirs.saved_by or _("Somebody")),
        "theirs_at": local_time(theirs.saved_at or timezone.now(), rating.assessment.coalition),
        "pairs": list(
            zip([_("Outcome"), _("Level"), _("Reason")], in_words(there_now(theirs)), in_words(mine), strict=True)
        ),
        "hidden": sent,
    }
    return page(request, "discussing/conflict.html", context, status=409)


def conflict_again(request, rating):
    """The same page of both versions, in the other language."""
    typed = record_form(request, rating, finished=False, typed=request.POST)
    return conflict_page(request, rating, rating, typed.sent if typed.is_valid() else there_now(rating))


def in_words(values: dict) -> list:
    """Outcome, level and reason as people read them."""
    level = values["level"]
    return [words.OUTCOMES[values["outcome"]], "–" if level is None else words.LEVELS[level], values["reason"]]


def versions_of(rating) -> list[dict]:
    """The saves of a page, latest first, what was not kept in a conflict too: who, when, and the three values."""
    found = []
    for event in audit.history(rating):
        values = event.details.get("not_kept") or event.details
        if actions.BLANK_RATING.keys() <= values.keys():
            kept = "not_kept" not in event.details
            at = timezone.localtime(event.at, rating.assessment.coalition.zone)
            found.append({"by": event.by, "at": at, "kept": kept, "words": in_words(values)})
    return found


@methods("POST")
def agreed_rating_save(request, slug, quarter, code):
    """Autosave of a half-done page: `saved_at` and the new version; 422 with errors, 409 where it was overwritten."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.RECORD, at=RECORDING)
    form = record_form(request, rating, finished=False, drawn=False)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        saved = actions.save_agreed_rating(
            rating=rating, version=form.cleaned_data["version"], confirm=False, by=request.user, **form.sent
        )
    except actions.Overwritten as conflict:
        who = str(conflict.theirs.saved_by or _("Somebody"))
        text = _("%(name)s saved a change to this page. Look at both. Then choose.") % {"name": who}
        return JsonResponse({"html": text}, status=409)
    return JsonResponse(
        {
            "saved_at": local_time(saved.saved_at or timezone.now(), rating.assessment.coalition),
            "version": saved.version,
        }
    )


@methods("POST")
def bring_forward(request, slug, quarter, code):
    """Copy last quarter's outcome, level, reason and evidence into this one, unconfirmed."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.RECORD, at=RECORDING)
    revision = Revision.objects.last_before(rating.assessment)
    item = revision and revision.asked(rating.indicator.lineage())
    if item is None or item["outcome"] == "none":
        raise Conflict(_("There is nothing to bring forward: nothing was agreed here last time."))
    if rating.outcome == "" and rating.level is None and not rating.reason:
        actions.bring_forward(
            rating=rating, version=rating.version, item=item, quarter=revision.quarter_text, by=request.user
        )
    elif rating.brought_forward_from != revision.quarter_text:
        raise Conflict(_("Something is written here already, so nothing was copied over it."))
    return see_other(rating.assessment.url("agreed_rating", code))


@methods("POST")
def presence(request, slug, quarter, code):
    """Say that this page is open, and hear who else has it open: `{"others": [names]}`. It locks nothing."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.RECORD, at=RECORDING)
    key, now = f"presence:{rating.pk}", timezone.now().timestamp()
    there = {pk: seen for pk, seen in cache.get(key, {}).items() if now - seen[0] < PRESENT_FOR}
    cache.set(key, {**there, request.user.pk: (now, str(request.user))}, PRESENT_FOR)
    return JsonResponse({"others": sorted(name for pk, (_seen, name) in there.items() if pk != request.user.pk)})


@methods("POST")
def different_view(request, slug, quarter, code):
    """Add a different view, signed or not; nobody but its signed author can take it back."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.ADD_DIFFERENT_VIEW, at=RECORDING)
    form = read_form(request, DifferentViewForm)
    if form.is_bound and form.is_valid():
        try:
            actions.add_different_view(rating=rating, by=request.user, **form.sent)
            return see_other(rating.assessment.url("agreed_rating", code))
        except guards.KeyReused:
            form.add_error(None, _("This page is old. Load it again, then send the form."))
    record = AgreedRatingForm(
        initial={"version": rating.version},
        levels=described_levels(rating),
    )
    context = record_context(request, rating, record, view_form=form, has_errors=form.is_bound)
    return page(request, "discussing/different_view.html", context, form=form, status=422 if form.is_bound else 200)


@methods("POST")
def different_view_withdraw(request, slug, quarter, code, view):
    """Take back a different view; 404 for everybody but its signed author."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.ADD_DIFFERENT_VIEW, at=RECORDING)
    own = DifferentView.objects.filter(pk=view, rating=rating, signed_by=request.user).first()
    if own is None:
        raise Http404
    own.rating = rating
    actions.withdraw_different_view(view=own, by=request.user)
    return see_other(rating.assessment.url("agreed_rating", code))
