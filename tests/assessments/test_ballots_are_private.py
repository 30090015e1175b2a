"""Ballots are named in two modules, lead to nobody, and no page asks for them but through those two."""

import ast
import re
import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from assessments.collecting import ballots, close
from assessments.collecting.rater import cookie_name
from assessments.drafting import actions as drafting
from assessments.models import Assessment
from assessments.models.ballots import Answer, Ballot, BallotsAreClosed, Direction, ballot_access
from assessments.reports.exports.files import FILES
from coalitions import outbox
from coalitions.models import Role
from milestones.admin import site
from milestones.models import Indicator
from tests import factories
from tests.ballot_sql import MAY, ROOT, TABLES, recorded, strangers

pytestmark = pytest.mark.any_engine("sqlite")

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PRIVATE = (Ballot, Answer, Direction)

# Who may name them, read off the code

TWO_MODULES = {"assessments/collecting/ballots.py", "assessments/collecting/close.py"}
THE_MODEL = {"assessments/models/ballots.py", "assessments/models/__init__.py"}  # the second only so that Django has it
NAMES = {"Ballot", "Answer", "Direction", "ballot_access", "GuardedManager"}
SPELLED = re.compile(r"assessments_(ballot|answer|direction)\b|^assessments\.(ballot|answer|direction)$", re.IGNORECASE)
MODEL_MODULE = "assessments.models.ballots"


def named(source: str) -> list[str]:
    """Every way in which a file names a ballot table: an import, a name, an attribute, a string."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.startswith(MODEL_MODULE)]
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [name for name in whole if name.startswith(MODEL_MODULE) or name == "assessments.models.*"]
        elif isinstance(node, ast.Name) and node.id in NAMES:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and (node.attr in NAMES or ast.unparse(node).endswith("models.ballots")):
            found.append(ast.unparse(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SPELLED.search(node.value.strip()):
            found.append(repr(node.value)[:60])
    return found


def sources() -> dict[str, str]:
    paths = [path for app in ("milestones", "coalitions", "assessments") for path in (ROOT / app).rglob("*.py")]
    paths.append(ROOT / "manage.py")
    kept = [path.relative_to(ROOT) for path in paths if "migrations" not in path.parts and "locale" not in path.parts]
    return {str(path): (ROOT / path).read_text() for path in kept}


@pytest.mark.parametrize("path", sorted(sources().keys() - TWO_MODULES - THE_MODEL))
def test_nobody_else_names_a_ballot(path):
    assert named(sources()[path]) == []


@pytest.mark.parametrize("path", sorted(sources().keys() - TWO_MODULES - THE_MODEL))
def test_nobody_else_asks_for_a_model_by_its_name(path):
    """`apps.get_model("assessments", "ballot")` would go past the search for names."""
    source = sources()[path]
    assert not [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from assessments.models.ballots import Ballot",
        "from assessments.models import ballots",
        "import assessments.models.ballots as b",
        "from assessments.models import *",
        "def f(m):\n    return m.Ballot.objects.all()",
        "import assessments.models\nassessments.models.ballots",
        "cursor.execute('SELECT * FROM assessments_answer')",
        "apps.get_model('assessments.Direction')",
        "with ballot_access('me too'): pass",
    ],
)
def test_the_search_finds_every_way_of_naming_one(source):
    assert named(source)


def test_the_two_modules_do_name_them():
    for path in TWO_MODULES:
        assert {"Ballot", "Answer", "Direction"} <= set(named(sources()[path]))
    assert named(sources()["assessments/models/__init__.py"]) == [MODEL_MODULE]
    assert {name.replace("/", ".").removesuffix(".py") for name in TWO_MODULES} == MAY
    assert {model._meta.db_table for model in PRIVATE} == set(TABLES)


# No way from a ballot to a person, and none back


def test_a_ballot_leads_to_its_quarter_and_its_questions_and_to_nobody():
    leads = {
        m.__name__: {f.name: f.related_model.__name__ for f in m._meta.get_fields() if f.is_relation} for m in PRIVATE
    }
    assert leads == {
        "Ballot": {"assessment": "Assessment"},
        "Answer": {"ballot": "Ballot", "indicator": "Indicator"},
        "Direction": {"ballot": "Ballot", "milestone": "Milestone"},
    }


def test_nothing_leads_to_a_ballot_but_its_own_answers():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            if field.is_relation and field.concrete and field.related_model in PRIVATE:
                assert model in (Answer, Direction) and field.name == "ballot"
                assert field.remote_field.related_name == "+", "no way back by an attribute"


def test_a_ballot_has_no_column_that_tells_who_or_when():
    """A closed list: nothing that counts up, no time, no address, no name. `holder` is a keyed hash."""
    columns = {model.__name__: {field.column for field in model._meta.concrete_fields} for model in PRIVATE}
    assert columns == {
        "Ballot": {
            "id",
            "assessment_id",
            "holder",
            "device_sha256",
            "channel",
            "voice",
            "sent",
            "beyond",
            "beyond_ticked",
        },
        "Answer": {"id", "ballot_id", "indicator_id", "kind", "level", "note", "note_ticked"},
        "Direction": {"id", "ballot_id", "milestone_id", "choice"},
    }
    for model in PRIVATE:
        assert isinstance(model._meta.pk, models.UUIDField) and model._meta.pk.default is uuid.uuid4
        assert not [
            field for field in model._meta.concrete_fields if isinstance(field, models.DateField | models.TimeField)
        ]


@pytest.mark.django_db
def test_the_holder_of_a_ballot_is_found_only_with_the_key(settings):
    ana = factories.person(Role.LEAD, factories.coalition())
    assessment = factories.collecting_assessment(ana.memberships.get().coalition, by=ana)
    factories.ballot(assessment, 2, user=ana)
    assert ballots.own(assessment, user=ana) is not None
    settings.BALLOT_LINK_KEY = "another key, as a thief of the database would have to guess it " * 2
    assert ballots.own(assessment, user=ana) is None


def test_no_table_of_what_people_said_stands_in_the_admin():
    registered = {model.__name__ for model in site._registry}
    kept_out = {
        "Ballot",
        "Answer",
        "Direction",
        "Invitation",
        "Release",
        "Note",
        "Mail",
        "Meeting",
        "AgreedRating",
        "Revision",
        "Standing",
    }
    assert kept_out <= {model.__name__ for model in apps.get_models()}, "a model was renamed"
    assert not registered & kept_out and {"Coalition", "User"} <= registered


@pytest.mark.django_db
@pytest.mark.parametrize("model", PRIVATE)
def test_the_tables_are_closed_to_whoever_does_not_say_why(model):
    asks = [
        lambda: model.objects.count(),
        lambda: list(model.objects.all()),
        lambda: model.objects.filter(pk=uuid.uuid4()),
        lambda: model.objects.create(),
        lambda: model._default_manager.exists(),
        lambda: model.objects.raw("SELECT 1").model.objects.first(),
    ]
    for ask in asks:
        with pytest.raises(BallotsAreClosed):
            ask()
    with ballot_access("a test"):
        assert model.objects.count() == 0
    with pytest.raises(BallotsAreClosed):
        model.objects.count()


# What pages ask for


@pytest.fixture
def world(db):
    """A coalition that collects, with ballots in it, and one that is closed; and everybody who might look."""
    factories.rubric()
    collecting, closed = factories.coalition("Alder Coalition"), factories.coalition("Birch Coalition", at="PA")
    cast = {
        "funder": factories.person(Role.FUNDER), "evaluator": factories.person(Role.EVALUATOR),
        "administrator": factories.person(Role.ADMINISTRATOR), "stranger": factories.person(),
    }  # fmt: skip
    opened = {}
    for coalition in (collecting, closed):
        lead, member = factories.person(Role.LEAD, coalition), factories.person(Role.MEMBER, coalition)
        cast[f"lead of {coalition}"], cast[f"member of {coalition}"] = lead, member
        factories.share(factories.submitted(coalition, by=lead, quarter=factories.QUARTER.previous), by=lead)
        assessment = factories.collecting_assessment(coalition, by=lead)
        helper = factories.person(Role.MEMBER, coalition)
        factories.collecting.name_helper(assessment=assessment, user=helper, by=lead)
        cast[f"helper of {coalition}"] = helper
        for voice in ("parent", "staff"):
            for level in (0, 1, 1, 2, 3, 3):
                factories.ballot(
                    assessment, level, voice=voice, notes={"1.2": "a note"}, beyond="beyond", cohesion="forward"
                )
        opened[coalition] = assessment
    close.close(assessment=opened[closed], by=cast[f"lead of {closed}"])
    for assessment in opened.values():
        assessment.refresh_from_db()
    return cast, list(opened.values())


def addresses(assessment: Assessment) -> dict[str, str]:
    """Every route of the site that can be asked with the things of this quarter, by its name."""
    coalition = assessment.coalition
    things = {
        "slug": coalition.slug, "quarter": assessment.quarter, "state": coalition.state_id.lower(),
        "milestone": "cohesion", "number": 1, "pk": coalition.memberships.first().pk, "name": "standings",
        "figure": "took-part", "kind": "svg", "token": "0" * 64,
        "invitation": (assessment.invitations.first() or assessment).pk,
        **dict.fromkeys(("view", "evidence", "event", "step", "link"), uuid.uuid4()),
    }  # fmt: skip
    found = {}
    for name, pattern in routes():
        wanted = re.findall(r"<(?:(\w+):)?(\w+)>", pattern)
        code = assessment.join_code or "ABCDEFGH"
        kwargs = {key: (code if kind == "str" else "1.2") if key == "code" else things[key] for kind, key in wanted}
        try:
            found[name] = reverse(name, kwargs=kwargs)
        except NoReverseMatch as wrong:
            raise AssertionError(f"give the route {name} something to stand for {wanted}") from wrong
    return found | {f"export_file {name}": reverse("export_file", args=[name]) for name in FILES}


def routes(of=None, before=""):
    """Every named route of the site and its whole pattern, those of Django's own admin apart."""
    for pattern in (of or get_resolver()).url_patterns:
        whole = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            if getattr(pattern, "namespace", None) != "admin":
                yield from routes(pattern, whole)
        elif pattern.name:
            yield pattern.name, whole


# The lead rates too, as one voice: on these pages a lead's own ballot is found, as anybody's is on theirs.
ONES_OWN = re.compile(r"^/(rate|join|signin|me)/")
# Elsewhere: a number, and for a member whether they have answered. A lead's pages ask for the number alone.
MAY_ASK = {
    "lead": {"counted"},
    "administrator": {"counted"},
    "member": {"counted", "own"},
    "helper": {"counted", "own"},
}


def signed_in(world, assessment) -> dict[str, Client]:
    """A browser for each: people of this coalition, readers, strangers, and one that came by the code of the room."""
    cast, _assessments = world
    clients = {"nobody": Client(raise_request_exception=False)}
    for who, user in cast.items():
        role, _of, coalition = who.partition(" of ")
        if coalition in ("", assessment.coalition.name):
            clients[role] = Client(raise_request_exception=False)
            clients[role].force_login(user, backend=BACKEND)
    if ballots.is_open(assessment):
        secret = ballots.hold_by_code(assessment=assessment, code=assessment.join_code, user=None, device=None)
        clients["code"] = Client(raise_request_exception=False)
        clients["code"].cookies[cookie_name(assessment)] = secret
    return clients


def test_no_page_asks_for_ballots_but_through_the_two_modules(world):
    opened, verbs = set(), set()
    for assessment in world[1]:
        clients = signed_in(world, assessment)
        for name, address in addresses(assessment).items():
            for who, client in clients.items():
                with recorded() as seen:
                    answer = client.get(address)
                    b"".join(answer)
                assert answer.status_code < 500, (who, address)
                assert strangers(seen) == [], (who, address)
                asked = {one.verb for one in seen}
                verbs |= asked
                opened |= {name} if answer.status_code == 200 else set()
                assert not [one for one in seen if one.module.endswith("close")], "a GET closes nothing"
                if not ONES_OWN.match(address):
                    assert asked <= MAY_ASK.get(who, set()), (who, address)
    assert {"own", "counted"} <= verbs, "the crawl met no ballot at all"
    assert len(opened) > 40, "the crawl opened hardly a page"


def test_no_mail_asks_for_ballots_but_through_the_two_modules(world, mailoutbox):
    for assessment in world[1]:
        ballots.remind(assessment, round_number=1)
    with recorded() as seen:
        outbox.send_due()
    assert len(mailoutbox) > 10 and strangers(seen) == []
    assert {asked.verb for asked in seen} <= {"still_waiting", "counted"}


def test_what_is_deleted_asks_for_no_ballot(world):
    """A draft, and a question of one's own: neither can have a ballot yet, and nobody looks whether it has."""
    cast, assessments = world
    lead = cast[f"lead of {assessments[1].coalition}"]
    draft = factories.draft(assessments[1].coalition, by=lead, quarter=factories.QUARTER.next)
    drafting.add_own_indicator(
        assessment=draft, milestone=draft.rubric.milestones.first(), code="own-1", title="Meals", question="Are there?",
        descriptors=["a", "b", "c", "d", "e"], by=lead,
    )  # fmt: skip
    with recorded() as seen:
        drafting.retire_own_indicator(assessment=draft, code="own-1", by=lead)
        drafting.delete_draft(assessment=draft, by=lead)
    assert seen == [] and not Assessment.objects.filter(pk=draft.pk).exists()
    assert not Indicator.objects.filter(code="own-1").exists()


def test_where_a_ballot_hangs_on_it_the_database_refuses(world):
    collecting = world[1][0]
    for thing in (collecting.agreed_ratings.in_order()[0].indicator, collecting):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(thing)._base_manager.filter(pk=thing.pk)._raw_delete("default")
            connection.check_constraints()


def test_the_watch_sees_a_stranger(world):
    """The control: a query from anywhere else is caught, and one from inside says by which verb."""
    _cast, assessments = world
    with recorded() as seen, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM assessments_ballot")
        ballots.counted(assessments[0])
    assert [asked.verb for asked in seen if asked.module in MAY] == ["counted"]
    assert len(strangers(seen)) == 1 and strangers(seen)[0].startswith("somewhere else")
