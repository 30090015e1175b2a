"""Whether the matrix would notice: each check of rights is taken away in turn, and a cell must then be wrong."""

import inspect
import re
import uuid
from datetime import date
from unittest import mock

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import caches
from django.db import transaction
from django.http import Http404
from django.test import Client

from assessments import access, guards
from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close, lead_views, link_views, paper_views, rater
from assessments.collecting.mine import MyAnswer
from assessments.discussing import actions as discussing
from assessments.discussing import evidence_actions, record_views, step_actions
from assessments.drafting import actions as drafting
from assessments.models import AFTER_CLOSE, RECORDING, Assessment, DifferentView, Invitation, Stage, Standing
from assessments.models.ballots import Ballot
from assessments.models.revisions import StandingQuerySet
from assessments.reports import queries
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions import access as doors
from coalitions import actions as coalition_actions
from coalitions import views as coalition_views
from coalitions.models import READERS, Coalition, Membership, Role, User
from coalitions.permissions import GRANTS, Permission
from milestones.admin import Site
from tests.authz import ROUTES, dump, one_world, wrong_cells

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
ACTORS_OF = {
    Role.MEMBER: ["MA"], Role.LEAD: ["LA", "LC"], Role.FUNDER: ["FG", "FX"], Role.EVALUATOR: ["EV", "EX", "EN"],
    Role.ADMINISTRATOR: ["AD"],
}  # fmt: skip
# The admin asks User.is_staff, which asks for the role; no page asks the table for this one.
ASKED_NOWHERE = {Permission.SET_UP}
# Not about A behind the scope: what is anybody's, and a ballot, whose door is its own and asks the table first.
ELSEWHERE = {Permission.READ_SHARED, Permission.EXPORT, Permission.FOLLOW, Permission.SET_UP, Permission.RATE}
ABOUT_A = {permission for permission in Permission} - ELSEWHERE


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with one_world(django_db_blocker) as made:
        yield made


@pytest.fixture(autouse=True)
def fresh(world):
    """A client whose middleware is loaded after the check is gone."""
    world.client = Client(raise_request_exception=False)


def noticed(world, names, **which) -> str:
    """The first cell of these routes that is wrong; nothing where all are right. Other code is another process."""
    caches["process"].clear()
    return next(wrong_cells(world, names, **which), "")


def routes_asking(permission) -> list[str]:
    return [
        name
        for name, route in ROUTES.items()
        if any(route.get(method, {}).get("ask") == permission.name for method in ("GET", "POST"))
    ]


def widened(role, permission):
    return mock.patch.dict(GRANTS, {role: GRANTS[role] | {permission}})


NARROWED = [(role, p) for role in GRANTS for p in Permission if p in GRANTS[role] - ASKED_NOWHERE]
WIDENED = [(role, permission) for role in GRANTS for permission in Permission if permission not in GRANTS[role]]
SEEN = [(role, p) for role, p in WIDENED if p not in ASKED_NOWHERE and not (role in READERS and p in ABOUT_A)]
# A reader never comes as far as the table: A's pages are not there for them. Two doors; both must be open to get in.
BEHIND_TWO_DOORS = [(role, p) for role, p in WIDENED if role in READERS and p in ABOUT_A]
STAGES = ["draft", "collecting", "discussing", "submitted_shared", "submitted_unshared"]


def ids(case):
    return getattr(case, "name", str(case))


def test_the_routes_as_they_are_have_no_wrong_cell(world):
    names = ["coalition", "results", "agreed_rating", "share", "states", "shared_coalition", "export", "pledge"]
    assert noticed(world, names, situations=STAGES, methods=["GET", "POST"]) == ""


@pytest.mark.parametrize("permission", Permission, ids=ids)
def test_every_permission_is_asked_by_a_route(permission):
    assert bool(routes_asking(permission)) == (permission not in ASKED_NOWHERE)


@pytest.mark.parametrize("role, permission", SEEN, ids=ids)
def test_a_grant_too_many_is_noticed(world, role, permission):
    with widened(role, permission):
        assert noticed(world, routes_asking(permission), actors=ACTORS_OF[role], methods=["GET", "POST"])


@pytest.mark.parametrize("role, permission", NARROWED, ids=ids)
def test_a_grant_too_few_is_noticed(world, role, permission):
    with mock.patch.dict(GRANTS, {role: GRANTS[role] - {permission}}):
        assert noticed(world, routes_asking(permission), actors=ACTORS_OF[role], methods=["GET", "POST"])


@pytest.mark.parametrize("role, permission", BEHIND_TWO_DOORS, ids=ids)
def test_a_grant_too_many_to_a_reader_stops_at_the_scope(world, role, permission):
    which = {"actors": ACTORS_OF[role], "situations": STAGES, "methods": ["GET", "POST"]}
    with widened(role, permission):
        assert noticed(world, routes_asking(permission), **which) == ""
        with mock.patch.object(doors, "coalitions_inside", lambda user: Coalition.objects.all()):
            assert noticed(world, routes_asking(permission), **which)


# The checks themselves, each taken away


def not_scoped(user, state, slug):
    found = Coalition.objects.select_related("state").filter(state=state.upper(), slug=slug).first()
    if found is None:
        raise Http404
    return found


class AnyAuthor:
    """The different views, asked without their author."""

    class objects:
        @staticmethod
        def filter(*, signed_by, **of):
            return DifferentView.objects.filter(**of)


def any_membership(of, **which):
    return Membership.objects.get(pk=which["pk"])


def unpledged_readers(user):
    """`require_reader` without the pledge."""
    if not access.can(user, Permission.READ_SHARED) and not access.leads_a_sharing_coalition(user):
        raise access.PermissionDenied


def unpledged_scope(user):
    granting = access.memberships(user, Permission.EXPORT)
    if not granting.exists():
        raise access.PermissionDenied
    return Coalition.objects.all()


def unpledged_followers(user):
    return access.named_by(access.memberships(user, Permission.FOLLOW))


def every_grant(user, permission):
    """Every membership grants everything."""
    return Membership.objects.filter(user=user)


def any_invitation(assessment, key):
    return Invitation.objects.select_related("user", "assessment__coalition").get(pk=key)


def any_code(code):
    """`open_by_code` for a code that opens nothing."""
    return Assessment.objects.select_related("coalition", "rubric").filter(stage=Stage.COLLECTING).first()


def any_token(token):
    """`live_invitation` for a link that is none."""
    return Invitation.objects.select_related("user", "assessment__coalition").first()


def any_ballot(assessment, user, device):
    """Somebody's ballot of this quarter, found without who it is of."""
    return Ballot.objects.filter(assessment=assessment).first()


def inside_or_reader(user):
    """`coalitions_inside` without the role."""
    mine = Membership.objects.filter(user=user)
    return Coalition.objects.filter(pk__in=mine.values("coalition"))


INSIDE_ROUTES = ["coalition", "results", "assessment", "agreed_rating", "share"]
CHECKS = {
    "sign-in": (LoginRequiredMiddleware, "process_view", lambda *a: None, ["me", "coalition", "states", "export"]),
    "scope of a coalition": (doors, "coalitions_inside", lambda user: Coalition.objects.all(), INSIDE_ROUTES),
    "role inside a coalition": (doors, "coalitions_inside", inside_or_reader, ["person_remove", "coalition"]),
    "right to a coalition": (doors, "memberships", every_grant, INSIDE_ROUTES),
    "right to anything": (coalition_views, "require", lambda *a: None, ["pledge"]),
    "stage": (guards, "check_stage", lambda assessment, *s: assessment, ["assessment_edit", "agreed_rating", "share"]),
    "reader": (access, "require_reader", lambda user: None, ["states", "state", "shared_coalition", "shared_figure", "milestone", "shared_next_steps", "states_figure", "milestone_figure", "next_steps_figure"]),
    "pledge of readers": (access, "require_reader", unpledged_readers, ["states"]),
    "pledge of evaluators": (access, "export_scope", unpledged_scope, ["export"]),
    "lead of a sharing coalition": (access, "leads_a_sharing_coalition", lambda user: True, ["states", "state"]),
    "no lead of a sharing coalition": (access, "leads_a_sharing_coalition", lambda user: False, ["states", "state"]),
    "who follows": (access, "followed", lambda user: Coalition.objects.all(), ["completeness"]),
    "pledge of who follows": (access, "followed", unpledged_followers, ["completeness"]),
    "who exports": (access, "export_scope", lambda user: Coalition.objects.all(), ["export", "export_file"]),
    "scope of an export": (access, "export_scope", unpledged_scope, ["export", "export_file", "export_file@of_a"]),
    "rights of a link": (access, "export_scope", lambda user: Coalition.objects.all(), ["export_by_link@of_ex"]),
    "whose link it is": (coalition_actions, "revoke_export_token", lambda **of: True, ["export_token_revoke@foreign"]),
    "scope of a shared page": (access, "get_shared_coalition", not_scoped, ["shared_coalition", "shared_figure", "shared_file"]),
    "coalitions in scope": (queries, "in_scope", lambda user: Coalition.objects.all(), ["state"]),
    "file of a level": (queries.rows, "LEVEL_AND_STORY", "story", ["shared_file", "shared_file@story_only"]),
    "author of a different view": (record_views, "DifferentView", AnyAuthor, ["different_view_withdraw@others"]),
    "person of this coalition": (
        coalition_views, "get_object_or_404", any_membership, ["person_role@foreign", "person_remove@foreign"],
    ),
    "invitation of this quarter": (
        lead_views, "get_invitation", any_invitation, ["invite_resend@foreign", "invite_revoke@foreign"],
    ),
    "code of the room": (link_views, "open_by_code", any_code, ["join@wrong"]),
    "who may join": (link_views, "can", lambda *a: True, ["join"]),
    "link of a mail": (link_views, "live_invitation", any_token, ["signin_link@old"]),
    "right to answer": (rater, "can", lambda *a: True, ["ballot", "ballot_question"]),
    "whose ballot it is": (ballots, "_find", any_ballot, ["ballot", "ballot_question", "ballot_check"]),
    "answers are open": (rater.ballots, "is_open", lambda assessment: True, ["ballot", "ballot_question"]),
    "may sign in": (User, "is_active", True, ["me", "coalition"]),
}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_that_is_gone_is_noticed(world, check):
    where, name, instead, routes = CHECKS[check]
    which = {
        "situations": ["draft", "submitted_shared", "submitted_unshared", "discussing", "collecting"],
        "methods": ["GET", "POST"],
    }
    if check == "may sign in":  # Django keeps a disabled person's session from signing anybody in
        with mock.patch("django.contrib.auth.backends.ModelBackend.user_can_authenticate", lambda self, user: True):
            assert noticed(world, routes, **which)
        return
    with mock.patch.object(where, name, instead):
        assert noticed(world, routes, **which)


def test_who_types_paper_is_noticed(world):
    """A member whom no lead named: there is one beside the helper of the matrix."""
    world.people["MN"] = Membership.objects.get(pk=world.things["collecting"]["membership"]).user
    body = world.body("paper", "MA", "collecting")
    for method, let_in in [("GET", 200), ("POST", 303)]:
        url = world.url("paper", "MA", "collecting")
        before = dump()
        assert world.ask(method, url, "MN", "collecting", body).status_code == 403
        assert dump() == before
        point = transaction.savepoint()
        with mock.patch.object(paper_views, "is_helper", lambda assessment, user: True):
            assert world.ask(method, url, "MN", "collecting", body).status_code == let_in
        transaction.savepoint_rollback(point)


def test_who_gets_into_the_admin_is_noticed(world):
    with mock.patch.object(Site, "has_permission", lambda self, request: True):
        assert world.ask("GET", "/admin/", "LA", "draft").status_code != 404


def test_two_doors_keep_a_reader_to_their_scope(world):
    """The pages list the coalitions in scope, and read the standings that reach the reader; one door is enough."""
    which = {"situations": STAGES, "actors": ["FX", "EX"], "methods": ["GET"]}
    unreached = mock.patch.object(StandingQuerySet, "shared_with", lambda self, user: self.shared())
    unscoped = mock.patch.object(queries, "in_scope", lambda user: Coalition.objects.all())
    of_a = Standing.objects.filter(coalition=world.a["submitted_shared"])
    assert of_a.shared().exists() and not of_a.shared_with(world.people["FX"]).exists()
    with unreached:
        assert of_a.shared_with(world.people["FX"]).exists()
        assert noticed(world, ["states", "state", "shared_coalition"], **which) == ""
        with unscoped:
            assert noticed(world, ["states"], **which)


# Every verb asks the stage itself, under its lock: the page's own check may be a moment old

UNTIL_SUBMITTED = {Stage.DRAFT, Stage.COLLECTING, *RECORDING}
KEY = uuid.UUID(int=7)
STEP = {"kind": "ask", "text": "x", "owner_name": "x", "owner_role": "x", "due_on": date(2026, 9, 1), "milestone": None}
RATED = {"outcome": "agreed", "level": 1, "reason": ""}
VIEW = {"text": "x", "signed": True, "coalition_only": True}
EVIDENCE = {
    "kind": "count", "shows": "x", "voice": "parent", "dated": None, "link": "", "file_type": "", "consent": False,
    "visibility": "coalition_only",
}  # fmt: skip
MINE = {"user": None, "device": "x"}
VERBS = {
    "open_collecting": (set(collecting.ASKING), lambda a, **k: collecting.open_collecting(assessment=a, **k)),
    "invite": (
        set(collecting.ASKING),
        lambda a, **k: collecting.invite(assessment=a, people_to_add=[("x@example.org", "x")], **k),
    ),
    "resend": (set(collecting.ASKING), lambda a, **k: collecting.resend(invitation=invitation_of(a), **k)),
    "revoke": (set(collecting.ASKING), lambda a, **k: collecting.revoke(invitation=invitation_of(a), **k)),
    "name_helper": (
        set(collecting.ASKING), lambda a, **k: collecting.name_helper(assessment=a, user=member_of(a), **k),
    ),
    "thank_helper": (
        set(collecting.ASKING), lambda a, **k: collecting.thank_helper(assessment=a, user=member_of(a), **k),
    ),
    "make_join_code": ({Stage.COLLECTING}, lambda a, **k: collecting.make_join_code(assessment=a, **k)),
    "move_deadline": (
        {Stage.COLLECTING}, lambda a, **k: collecting.move_deadline(assessment=a, closes_on=date(2099, 1, 1), **k),
    ),
    "close": ({Stage.COLLECTING, *AFTER_CLOSE}, lambda a, **k: close.close(assessment=a, **k)),
    "hold_by_link": (
        {Stage.COLLECTING}, lambda a, by: ballots.hold_by_link(invitation=invitation_of(a), device=None),
    ),
    "hold_by_code": (
        {Stage.COLLECTING}, lambda a, by: ballots.hold_by_code(assessment=a, code=a.join_code, user=None, device=None),
    ),
    "begin": (
        {Stage.COLLECTING}, lambda a, by: ballots.begin(assessment=a, user=by, device=None, voice="parent"),
    ),
    "save_answer": (
        {Stage.COLLECTING},
        lambda a, by: ballots.save_answer(
            assessment=a, indicator=rating_of(a).indicator, kind=ballots.LEVEL, level=1, **MINE
        ),
    ),
    "save_last_page": (
        {Stage.COLLECTING},
        lambda a, by: ballots.save_last_page(
            assessment=a, directions={}, beyond="x", beyond_ticked=True, send=True, **MINE
        ),
    ),
    "erase": ({Stage.COLLECTING}, lambda a, by: ballots.erase(assessment=a, **MINE)),
    "end_other_device": ({Stage.COLLECTING}, lambda a, by: ballots.end_other_device(assessment=a, user=by)),
    "renew_link": ({Stage.COLLECTING}, lambda a, **k: ballots.renew_link(invitation=invitation_of(a), **k)),
    "add_paper": (
        {Stage.COLLECTING},
        lambda a, **k: ballots.add_paper(
            assessment=a, key=KEY, voice="parent", answers=[(rating_of(a).indicator, MyAnswer(ballots.LEVEL, 1))],
            directions={}, beyond="", beyond_ticked=False, **k,
        ),
    ),
    "edit_draft": ({Stage.DRAFT}, lambda a, **k: drafting.edit_draft(assessment=a, version=1, mode="full", **k)),
    "start_meeting": ({Stage.DRAFT, Stage.DISCUSSING}, lambda a, **k: drafting.start_meeting(assessment=a, **k)),
    "delete_draft": ({Stage.DRAFT}, lambda a, **k: drafting.delete_draft(assessment=a, **k)),
    "set_aside": (
        {Stage.DRAFT, *RECORDING},
        lambda a, **k: drafting.set_aside(assessment=a, milestone=a.rubric.milestones.first(), reason="x", **k),
    ),
    "take_up_again": (
        {Stage.DRAFT, *RECORDING},
        lambda a, **k: drafting.take_up_again(assessment=a, milestone=a.rubric.milestones.first(), **k),
    ),
    "add_own_milestone": (
        {Stage.DRAFT},
        lambda a, **k: drafting.add_own_milestone(assessment=a, code="own-1", name="x", definition="", **k),
    ),
    "add_own_indicator": (
        {Stage.DRAFT},
        lambda a, **k: drafting.add_own_indicator(
            assessment=a, code="own-1", milestone=a.rubric.milestones.first(), title="x", question="x",
            descriptors=["x"] * 5, **k,
        ),
    ),
    "retire_own_indicator": (
        {Stage.DRAFT}, lambda a, **k: drafting.retire_own_indicator(assessment=a, code="own-1", **k),
    ),
    "save_agreed_rating": (
        set(RECORDING),
        lambda a, **k: discussing.save_agreed_rating(rating=rating_of(a), version=1, confirm=True, **RATED, **k),
    ),
    "keep_theirs": (set(RECORDING), lambda a, **k: discussing.keep_theirs(row=rating_of(a), mine={}, **k)),
    "bring_forward": (
        set(RECORDING),
        lambda a, **k: discussing.bring_forward(
            rating=rating_of(a), version=1, item={**RATED, "evidence": []}, quarter="2026Q1", **k
        ),
    ),
    "add_different_view": (
        set(RECORDING), lambda a, **k: discussing.add_different_view(rating=rating_of(a), key=KEY, **VIEW, **k),
    ),
    "withdraw_different_view": (
        set(RECORDING), lambda a, **k: discussing.withdraw_different_view(view=view_of(a), **k),
    ),
    "add_evidence": (
        {Stage.COLLECTING, *RECORDING},
        lambda a, **k: evidence_actions.add_evidence(rating=rating_of(a), key=KEY, **EVIDENCE, **k),
    ),
    "remove_evidence": (
        {Stage.COLLECTING, *RECORDING}, lambda a, **k: evidence_actions.remove_evidence(rating=rating_of(a), key=KEY, **k),
    ),
    "host_meeting": (
        {Stage.COLLECTING, Stage.DISCUSSING},
        lambda a, **k: discussing.host_meeting(assessment=a, code="1.2", step="read", version=0, **k),
    ),
    "save_story": (
        set(RECORDING),
        lambda a, **k: discussing.save_story(assessment=a, milestone=None, version=1, text="x", **k),
    ),
    "save_next_step": (
        UNTIL_SUBMITTED, lambda a, **k: step_actions.save_next_step(assessment=a, key=KEY, version=0, **STEP, **k),
    ),
    "remove_next_step": (
        UNTIL_SUBMITTED, lambda a, **k: step_actions.remove_next_step(assessment=a, key=KEY, **k),
    ),
    "look_back": (
        UNTIL_SUBMITTED,
        lambda a, **k: step_actions.look_back(
            assessment=a, key=KEY, version=1, status="done", what_happened="x", **k
        ),
    ),
    "submit": (
        {*RECORDING, Stage.SUBMITTED},
        lambda a, **k: submitting.submit(assessment=a, number=1, despite_warnings=True, **k),
    ),
    "reopen": (
        {Stage.SUBMITTED, Stage.REOPENED}, lambda a, **k: submitting.reopen(assessment=a, number=1, reason="x", **k),
    ),
    "share": ({Stage.SUBMITTED}, lambda a, **k: sharing.share(assessment=a, number=1, choices={}, **k)),
    "withdraw": ({Stage.SUBMITTED, Stage.REOPENED}, lambda a, **k: sharing.withdraw(assessment=a, **k)),
}  # fmt: skip


def rating_of(assessment):
    rating = assessment.agreed_ratings.get(indicator__code="1.2")
    rating.assessment = assessment
    return rating


def member_of(assessment):
    return assessment.coalition.memberships.filter(role=Role.MEMBER).select_related("user").first().user


def invitation_of(assessment):
    """One of this quarter, as a page read it before close took all of them away."""
    return Invitation(assessment=assessment, user=member_of(assessment), generation=1)


def view_of(assessment):
    view = rating_of(assessment).different_views.exclude(signed_by=None).first()
    view.rating.assessment = assessment
    return view


LOCKS = re.compile(r"\b(guards\.lock|lock_open|_asking)\(")


def test_the_verbs_here_are_all_that_change_an_assessment():
    """A verb that is new must stand in the list above."""
    rooms = (drafting, collecting, ballots, close, discussing, evidence_actions, step_actions, submitting, sharing)
    there = {
        name
        for module in rooms
        for name, verb in vars(module).items()
        if callable(verb)
        and not name.startswith("_")
        and getattr(verb, "__module__", "") == module.__name__
        and LOCKS.search(inspect.getsource(verb))
    }
    assert there - {"remind"} == VERBS.keys()  # `remind` is asked below: it refuses nobody


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_asks_the_stage_under_its_lock(world, verb):
    stages, act = VERBS[verb]
    a, ana = world.a["discussing"], world.person("LA", "discussing")
    assessment = a.assessments.get(quarter_text=str(world.quarter))
    assessment.coalition = a
    for stage in set(Stage) - stages:
        Assessment.objects.filter(pk=assessment.pk).update(stage=stage)
        assessment.stage = next(iter(stages))  # as the page read it
        before = dump()
        with pytest.raises((guards.WrongStage, ballots.NotCollecting)):
            act(assessment, by=ana)
        assert dump() == before, stage


def test_nobody_is_reminded_at_another_stage(world):
    a = world.a["collecting"]
    assessment = a.assessments.get(quarter_text=str(world.quarter))
    assessment.coalition = a
    for stage in set(Stage) - {Stage.COLLECTING}:
        Assessment.objects.filter(pk=assessment.pk).update(stage=stage)
        before = dump()
        assert ballots.remind(assessment, round_number=1) == 0
        assert dump() == before, stage
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.COLLECTING)
    assert ballots.remind(assessment, round_number=1) > 0


def test_what_is_not_shared_stands_behind_two_doors(world):
    """The question asked of the database, and the mask over what it answers: both must be open to get in."""
    names = ["states_figure", "shared_coalition", "shared_figure"]
    which = {"situations": STAGES, "methods": ["GET"]}
    with mock.patch.object(StandingQuerySet, "shared", StandingQuerySet.all):
        assert noticed(world, names, **which) == ""
        with mock.patch.object(queries.rows, "outside", list):
            assert noticed(world, names, **which)
