"""The rules of the house, read off the code itself: which room may know which, what is pure, who writes."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.any_engine("sqlite")
ROOT = Path(__file__).resolve().parent.parent
APPS = ["milestones", "coalitions", "assessments"]
ROOMS = ["drafting", "collecting", "discussing", "submitting", "sharing", "importing", "sample", "reports"]
PURE = [
    "milestones/texts.py",
    "milestones/csv_text.py",
    "milestones/csv_in.py",
    "assessments/quarters.py",
    "assessments/levels.py",
    "assessments/disclosure.py",
    "assessments/tasks.py",
    "assessments/collecting/mine.py",
    "assessments/discussing/agenda.py",
    "assessments/discussing/versions.py",
    "assessments/submitting/packed.py",
    "assessments/submitting/seen.py",
    "assessments/submitting/snapshot.py",
    "assessments/submitting/checks.py",
    "assessments/reports/asks.py",
    "assessments/reports/crossing.py",
    "assessments/reports/rows.py",
    "assessments/reports/exports/text.py",
    "assessments/importing/past.py",
    "assessments/importing/parse.py",
    "assessments/reports/together.py",
    "assessments/reports/svg/canvas.py",
    "assessments/reports/svg/tracks.py",
    "assessments/reports/svg/steps.py",
    "assessments/reports/svg/lanes.py",
    "assessments/reports/svg/bands.py",
    "assessments/reports/svg/boxes.py",
    "assessments/reports/svg/grid.py",
    "assessments/reports/svg/panels.py",
    "assessments/reports/svg/tiles.py",
    "assessments/reports/svg/told.py",
]
MAY_DRAW = ["assessments/reports/charts.py"]
LONGEST = 320
OURS = sorted(
    path.relative_to(ROOT)
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and "locale" not in path.parts
)
SOURCES = {str(path): (ROOT / path).read_text() for path in OURS}


def imported(source: str) -> set[str]:
    """Every module a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imports_from(source: str, package: str) -> bool:
    return any(name == package or name.startswith(package + ".") for name in imported(source))


@pytest.mark.parametrize("path", SOURCES)
def test_an_app_imports_only_those_before_it(path):
    later = APPS[APPS.index(path.split("/")[0]) + 1 :]
    assert not [app for app in later if imports_from(SOURCES[path], app)]


@pytest.mark.parametrize("path", [path for path in SOURCES if path.startswith("assessments/")])
def test_a_room_imports_only_what_stands_above_it(path):
    part = path.split("/")[1]
    if part in ("urls.py", "home.py", "mails.py", "management", "templatetags"):
        return
    below = ROOMS[ROOMS.index(part) + 1 :] if part in ROOMS else ROOMS
    assert not [room for room in below if imports_from(SOURCES[path], f"assessments.{room}")]


@pytest.mark.parametrize("path", [path for path in SOURCES if not path.endswith("urls.py")])
def test_only_urls_know_views(path):
    room = path.rsplit("/", 1)[0]
    known = {name for name in imported(SOURCES[path]) if re.search(r"(^|\.)\w*views(\.|$)", name)}
    assert not {name for name in known if not name.startswith((room.replace("/", "."), "django."))}


@pytest.mark.parametrize("path", PURE)
def test_pure_modules_know_neither_database_nor_request(path):
    ours = {f"{p.removesuffix('.py').replace('/', '.')}" for p in PURE}
    for name in imported(SOURCES[path]):
        top = name.split(".")[0]
        assert top not in ("django", "coalitions", "milestones") or name.startswith(tuple(ours)), name
        assert top != "assessments" or name == "assessments.levels" or name.startswith(tuple(ours)), name


WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}


def writes(source: str) -> list[str]:
    """Calls that write to the database: `….objects.create(…)`, `row.save()`, `rows.update(…)` and so on."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            target = ast.unparse(node.func.value)
            if target.startswith(("cache", "super()", "form", "context", "initial", "image", "buffer", "self.session")):
                continue
            if node.func.attr == "update" and not re.search(r"objects|filter|exclude", target):
                continue
            found.append(f"{target[:60]}.{node.func.attr}")
    return found


MAY_WRITE = re.compile(
    r"(/(\w+_)?actions\.py$|^assessments/guards\.py$|^coalitions/(audit|outbox)\.py$|^coalitions/models/|^milestones/models\.py$"
    r"|^assessments/collecting/(ballots|close)\.py$"
    r"|^assessments/models/|^assessments/sample/|^assessments/reports/exports/log\.py$)"
)


@pytest.mark.parametrize("path", [path for path in SOURCES if not MAY_WRITE.search(path)])
def test_only_actions_write(path):
    assert writes(SOURCES[path]) == []


def test_the_search_for_writes_finds_one():
    assert writes("Story.objects.filter(pk=1).update(text='')\nrow.save()") != []


@pytest.mark.parametrize("path", [p for p in SOURCES if p.endswith(("views.py", "forms.py")) or "/reports/" in p])
def test_no_file_hands_a_request_to_the_orm_whole(path):
    assert "**request." not in SOURCES[path]
    assert "csrf_exempt" not in SOURCES[path] and "mark_safe" not in SOURCES[path]


@pytest.mark.parametrize("path", SOURCES)
def test_files_stay_readable(path):
    assert len(SOURCES[path].splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in SOURCES if not path.endswith("__init__.py")])
def test_every_module_says_what_is_here(path):
    assert ast.get_docstring(ast.parse(SOURCES[path]))


def test_settings_are_named_by_nobody():
    assert not [path for path in SOURCES if "milestones.settings" in imported(SOURCES[path])]


def test_no_signals():
    assert not [path for path in SOURCES if imports_from(SOURCES[path], "django.db.models.signals")]
    assert not [path for path in SOURCES if imports_from(SOURCES[path], "django.dispatch")]


def test_every_act_has_its_sentence_in_the_history():
    from coalitions.history import NOT_A_COALITIONS, SENTENCES

    called = r"(?:audit\.record\(\s*|verb=|(?:members_view|False), by, )\"([a-z_]+)\""
    verbs = {
        verb
        for path in SOURCES
        if "actions" in path or "collecting" in path
        for verb in re.findall(called, SOURCES[path])
    }
    assert {"submit", "share", "keep_theirs"} <= verbs
    assert verbs - NOT_A_COALITIONS <= SENTENCES.keys()


def our_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models() if not model._meta.auto_created]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_model_stands_in_the_glossary(model):
    readme = (ROOT / "README.md").read_text()
    glossary = readme.split("## Glossary")[1].split("\n## ")[0]
    assert f"**{model.__name__}**" in glossary


NEVER = r"\b(score|scores|grade|fail|weak|laggard|rank|ranks|ranking|consensus|anonymous|best|top coalition)\b"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_no_model_or_column_uses_a_word_never_used(model):
    names = [model.__name__, *(field.name for field in model._meta.get_fields())]
    assert not [name for name in names if re.search(NEVER, name.replace("_", " ").lower())]


def template_files():
    return sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", template_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_inline_script_or_style_and_trust_no_text(path):
    text = re.sub(r"{{ (fields|fields_output)\|safe }}", "", path.read_text())  # what crispy has rendered already
    if path.parent.name == "mail":
        text = re.sub(r"\sstyle=\"[^\"<{]*\"", "", text)  # a mail has no style sheet
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|\|safe|autoescape off", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag


@pytest.mark.parametrize("path", template_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_use_no_word_never_used(path):
    words = re.sub(r"league table", "", path.read_text().lower())
    assert not re.search(NEVER, words)


def test_lock_file_names_one_registry_and_no_other_host():
    lock = (ROOT / "uv.lock").read_text()
    assert len(set(re.findall(r'registry = "([^"]+)"', lock))) == 1
    assert "http://" not in lock and "file://" not in lock
