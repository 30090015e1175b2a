"""Who may do what, asked of every route: each person, in each situation, with each method (tests/authz_matrix.yaml)."""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.authz import ACTORS, MATRIX, NOBODY, ROUTES, dump, expected, one_world, patterns, route_of, wrong_cells

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world of the matrix, built once for the module inside one transaction."""
    with one_world(django_db_blocker) as made:
        yield made


# The matrix and the code name the same


def test_the_matrix_has_every_route_and_no_other():
    assert {route_of(name) for name in ROUTES} == {name for name, _pattern, _view in patterns()}


@pytest.mark.parametrize("name", [name for name in ROUTES if "@" not in name])
def test_the_matrix_has_the_methods_of_the_view(name):
    view = next(view for found, _pattern, view in patterns() if found == name)
    assert {method for method in ("GET", "POST") if method in ROUTES[name]} == view.methods


def test_every_route_is_one_address():
    """Two names of one address are one page: the order of patterns hides none behind another."""
    views = {}
    for _name, pattern, view in patterns():
        views.setdefault(pattern, set()).add(view)
    assert [pattern for pattern, found in views.items() if len(found) > 1] == []


# Every cell


@pytest.mark.parametrize("name", ROUTES)
def test_every_cell(world, name):
    """What is refused is asked first, and after all of it the rows of every table are those of before."""
    before = dump()
    assert list(wrong_cells(world, [name])) == []
    assert dump() == before


@pytest.mark.parametrize("name", [name for name in ROUTES if ROUTES[name]["rule"] != "public"])
@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_scripts_of_nobody_get_401(world, name, header):
    for actor in NOBODY:
        for method in ("GET", "POST", "PUT"):
            answer = world.ask(method, world.url(name, actor, "discussing"), actor, "discussing", headers=header)
            assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize("name", [name for name in ROUTES if "POST" in ROUTES[name]])
def test_a_post_without_the_token_of_a_page_is_refused(world, name):
    """Case 12: for everybody who might have got through."""
    stages = ["draft", "discussing", "submitted_shared"]
    client = Client(enforce_csrf_checks=True)
    before = dump()
    for situation in stages:
        for actor in ACTORS:
            if expected(name, "POST", actor, situation)[0] in (200, 303):
                key = world.session(actor, situation)
                client.cookies[settings.SESSION_COOKIE_NAME] = key or ""
                answer = client.post(world.url(name, actor, situation), world.body(name, actor, situation))
                assert answer.status_code == 403, (actor, situation)
    assert dump() == before


# What people are told

SAID = {  # rows of the page for everybody, and the page of a coalition that holds what the row names
    "Who belongs to a coalition, and who did what": "coalition_history",
    "Your own answers": "ballot",
    "How many have answered, until answers close": "progress",
    "The summary of the answers": "results",
    "What was agreed, before it is submitted": "agreed_rating",
    "Levels, outcomes and tags of submitted quarters": "revision",
    "Stories, reasons, evidence, next steps": "revision",
    "Evidence marked coalition only": "evidence_file",
    "Who we are": "coalition",
    "What happened around us": "events",
    "The names of funders and evaluators, and their promise": "coalition_history",
}


@pytest.mark.parametrize(("row", "name"), SAID.items())
def test_who_sees_what_says_what_the_matrix_holds(client, row, name):
    page = client.get("/privacy/who-sees-what/").content.decode()
    cells = re.search(rf'<th scope="row">{row}.*?</tr>', page)[0]
    members, leads, _funders, _evaluators, administrators = re.findall(r"<td>(.*?)</td>", cells)
    opens = [expected(name, "GET", actor, at)[0] == 200 for actor, at in seeing(name)]
    assert [said not in ("No", "Never", "Nobody") for said in (members, leads, administrators)] == opens


def seeing(name):
    """Member, lead and administrator, each in a situation in which the page is there."""
    stages = ROUTES[name]["GET"].get("at", ["discussing"])
    return [
        (actor, next(at for at in MATRIX["situations"] if at.startswith(stages[0]))) for actor in ("MA", "LA", "AD")
    ]


# Django's admin


def admin_addresses(world):
    """Every address of the admin, with the key of something there is where one stands in it."""
    keys = {
        "rubric": 1, "milestone": 1, "indicator": 1, "finding": 1, "state": "OH", "coalition": world.b.pk,
        "user": world.people["FG"].pk, "membership": world.people["FG"].memberships.get().pk,
        "pledge": world.people["FG"].pledge.pk,
    }  # fmt: skip
    for _name, pattern, _view in patterns(admin=True):
        model = pattern.split("/")[2] if pattern.count("/") > 2 else ""
        filled = re.sub(r"<path:object_id>|<int:pk>", str(keys.get(model, 1)), pattern)
        filled = re.sub(r"<path:content_type_id>", "1", filled)
        yield "/" + re.sub(r"\^\(\?P<app_label>.*?\)/\$", "coalitions/", filled)


def test_the_admin_is_there_for_administrators_alone(world):
    before = dump()
    wrong = []
    for address in admin_addresses(world):
        for actor in ACTORS:
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
                if actor == "AD" and method != "GET":
                    continue
                answer = world.ask(method, address, actor, "discussing", {"confirm": "1"} if method == "POST" else None)
                if actor == "AD":
                    right = answer.status_code in (200, 302) or address.endswith(("/publish/", "/draft/", "/1/1/"))
                    # no rubric is added, and none of these is deleted: forbidden to administrators too
                    right = right or (answer.status_code == 403 and address.endswith(("/add/", "/delete/")))
                    right = right or (address == "/admin/logout/" and answer.status_code == 405)
                    right = right or (address == "/admin/autocomplete/" and answer.status_code == 403)
                else:
                    wanted = MATRIX["admin"].get(actor, MATRIX["admin"]["others"])
                    right = answer.status_code == wanted and (wanted != 302 or answer.url.startswith("/signin/"))
                if not right:
                    wrong.append(f"{method} {address} {actor}: {answer.status_code}")
    assert wrong == []
    assert dump() == before


def test_what_holds_ballots_releases_and_records_is_not_in_the_admin():
    from milestones.admin import site

    names = {model.__name__ for model in site._registry}
    assert names == {
        "Rubric",
        "Milestone",
        "Indicator",
        "Finding",
        "State",
        "Coalition",
        "User",
        "Membership",
        "Pledge",
    }


def test_the_button_for_sample_people_is_not_there_without_sample_data(world, settings):
    settings.SAMPLE_DATA = False
    for actor in ACTORS:
        assert world.ask("POST", "/signin/sample/", actor, "draft", {"as": "lead"}).status_code == 404
