"""What pages are dressed in: Bootstrap comes in parts, so a class of a part that is not there would do nothing."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_engine("sqlite")
ROOT = Path(__file__).parent.parent
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")


def classes_of(template: str) -> set[str]:
    """The classes that stand in a template in full; a tag may add others."""
    found = set()
    for value in re.findall(r'class="([^"]*)"', TAGS.sub("\0", template)):
        found |= {name for name in value.split() if "\0" not in name}
    return found


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every class that a stylesheet dresses, and every word of a script or a test, which may look for it."""
    styles = [path.read_text() for path in (ROOT / "static").rglob("*.css")]
    users = [path.read_text() for folder, kind in (("static/js", "js"), ("tests", "py"))
             for path in (ROOT / folder).rglob(f"*.{kind}") if path != Path(__file__)]  # fmt: skip
    words = set(re.findall(r"-?[A-Za-z_][\w-]*", " ".join(users)))
    return words | {name for css in styles for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", css)}


def strangers(template: str, known) -> set[str]:
    return classes_of(template) - known


def test_every_class_of_a_page_is_dressed_or_looked_for(known):
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts]
    assert len(templates) > 100
    wrong = {str(path): found for path in templates if (found := strangers(path.read_text(), known))}
    assert wrong == {}


def test_a_part_of_bootstrap_that_is_not_there_is_found(known):
    assert strangers('<div class="accordion-flush"><a class="btn btn-primary {{ more }}">', known) == {
        "accordion-flush"
    }
