"""The Spanish catalogue: it holds every string of code and templates, and nothing else, in words we use.

Strings are found without the gettext programs: in code by Babel, in templates by walking the compiled template, so
that what is looked for is what the page asks for. Where a test fails after a change of strings, run
`./run makemessages -l es --no-obsolete --no-wrap --add-location file`, translate, and clear what it marked fuzzy.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.template import Node, loader
from django.template.base import FilterExpression, Variable
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.functional import Promise

from tests.milestones.reading import fernandez_huerta_ease, flesch_kincaid_grade

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "milestones" / "locale" / "es" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def key(message, context=None):
    """One string as `(context, singular, plural)`."""
    singular, plural = message if isinstance(message, tuple | list) else (message, None)
    return context, singular, plural


@cache
def in_code():
    """Every string of the code, with its file."""
    found = []
    for package in ("milestones", "coalitions", "assessments"):
        for path in sorted((ROOT / package).rglob("*.py")):
            with path.open("rb") as file:
                strings = extract("python", file, KEYWORDS, options={"encoding": "utf-8"})
                found += [(key(message, context), path.relative_to(ROOT)) for _, message, _, context in strings]
    return found


INNER = (Node, FilterExpression, Variable, TokenBase)


def asked(part, seen):
    """The strings that a part of a compiled template asks the catalogue for."""
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, BlockTranslateNode):
        context = part.message_context and str(part.message_context.var)
        singular, plural = (part.render_token_list(tokens)[0] for tokens in (part.singular, part.plural))
        yield key((singular, plural) if plural else singular, context)
    elif isinstance(part, TranslateNode):
        context = part.message_context and str(part.message_context.var)
        yield key(str(part.filter_expression.var.literal), context)
    elif isinstance(part, Promise):  # _("…") inside another tag
        yield key(str(part))
    elif isinstance(part, Variable) and part.translate:
        yield key(str(part.literal))
    elif isinstance(part, list | tuple | dict):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from asked(inner, seen)
    elif isinstance(part, INNER):
        for name in [*getattr(part, "__dict__", ()), *getattr(part, "__slots__", ())]:
            yield from asked(getattr(part, name, None), seen)


@cache
def in_templates():
    """Every string of the templates, with its file."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            template = loader.get_template(str(path.relative_to(ROOT / "templates"))).template
            with translation.override("en"):
                found += [(wanted, path.relative_to(ROOT)) for wanted in asked(template.nodelist, set())]
    return found


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es", abort_invalid=True)


@pytest.fixture(scope="module")
def entries(catalogue):
    """`{(context, singular, plural): [Spanish, …]}`"""
    return {
        key(message.id, message.context): list(message.string)
        if isinstance(message.string, tuple | list)
        else [message.string]
        for message in catalogue
        if message.id
    }


def test_every_string_is_in_the_catalogue(entries):
    missing = {f"{path}: {wanted}" for wanted, path in [*in_code(), *in_templates()] if wanted not in entries}
    assert not missing, "\n".join(sorted(missing))


def test_no_entry_is_stale(entries):
    stale = entries.keys() - {wanted for wanted, _path in [*in_code(), *in_templates()]}
    assert not stale, "\n".join(sorted(map(str, stale)))


MEMBERS_READ = {
    "templates/rate", "templates/paper", "templates/meeting", "templates/mail", "templates/account",
    "templates/account/email", "templates/milestones/who_sees_what.html", "templates/milestones/help.html",
    "assessments/collecting", "assessments/mails.py", "coalitions/letters.py",
}  # fmt: skip


def test_what_members_read_is_easy_in_both_languages(entries):
    """Whole sentences of ballots, paper, links, mails and who sees what: grade 6 at most, "easy" in Spanish."""
    for place in sorted(MEMBERS_READ):
        found = {
            wanted: True for wanted, path in [*in_code(), *in_templates()] if place in (str(path), str(path.parent))
        }
        both = [(wanted[1], entries[wanted][0]) for wanted in found if re.search(r"[.?]$", wanted[1])]
        english, spanish = ([re.sub(r"%\(\w+\)s", "ten", text) for text in texts] for texts in zip(*both, strict=True))
        if len(english) > 4:
            assert flesch_kincaid_grade(english) <= 6, place
            assert fernandez_huerta_ease(spanish) >= 70, place


def test_the_search_finds_strings():
    assert key("Agreed, with a different view noted") in {wanted for wanted, _path in in_code()}
    assert key("Thin", "evidence") in {wanted for wanted, _path in in_code()}
    found = {wanted for wanted, _path in in_templates()}
    assert key("Who sees what") in found and key("Step %(number)s") in found and key("No name given") in found
    assert any(plural for _context, _singular, plural in found)


def test_everything_is_translated_and_nothing_is_a_guess(catalogue, entries):
    assert not [message.id for message in catalogue if message.id and message.fuzzy]
    assert not [wanted for wanted, said in entries.items() if not all(text.strip() for text in said)]
    assert not catalogue.obsolete


COMPILE = "compile it: .venv/bin/python -m babel.messages.frontend compile -f -d milestones/locale -D django"


def test_the_compiled_catalogue_says_the_same(entries):
    with translation.override("es"):
        for (context, singular, plural), said in entries.items():
            if plural:
                now = [translation.ngettext(singular, plural, number) for number in (1, 2)]
            else:
                now = [translation.pgettext(context, singular) if context else translation.gettext(singular)]
            assert now == said, COMPILE


def test_the_header_says_what_it_is(catalogue):
    headers = dict(catalogue.mime_headers)
    assert headers["Language"] == "es" and headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    assert "GLOSARIO" in CATALOGUE.read_text()[:3000]
    assert not re.search(r"SOME DESCRIPTIVE|FULL NAME|YEAR-MO-DA|PACKAGE", CATALOGUE.read_text())


def placeholders(text):
    """What code fills in, and the tags: all of it stays as it is."""
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>|https?://", text))


def test_placeholders_are_the_same_in_both_languages(entries):
    for (_context, singular, plural), said in entries.items():
        for english, spanish in zip([singular, plural] if plural else [singular], said, strict=True):
            assert placeholders(english) == placeholders(spanish), english
            assert len(english) - len(english.lstrip()) == len(spanish) - len(spanish.lstrip()), english
            assert len(english) - len(english.rstrip()) == len(spanish) - len(spanish.rstrip()), english


NEVER_ENGLISH = (
    r"\b(scor\w+|grad(e|es|ed|ing)|fail\w*|weak\w*|laggard\w*|top|best|worst|rank\w*|anonym\w+|round|rounds|consensus"
    r"|simply|target|behind)\b"
)
NEVER_SPANISH = (
    r"\b(punta\w+|puntuaci\w+|calific\w+|ranking|clasific\w+|anónim\w+|anonim\w+|consenso|mejor(es)?|peor(es)?|débil\w*"
    r"|fracas\w+|reprob\w+|rezag\w+|retras\w+|ronda|rondas|simplemente)\b"
)
FAMILIAR = r"\b(tú|tu|tus|te|ti|contigo|puedes|quieres|tienes|debes|eres|estás|haz|vos|vosotros)\b"
SHORT_FORMS = r"\w@(s\b|\W|$)|\b(l|tod|niñ)xs\b|\btodes\b|\w+[oa]/[oa]s?\b|\w+\([oa]s?\)"


def test_words_never_used_are_in_neither_language(entries):
    for (_context, singular, plural), said in entries.items():
        assert not re.search(NEVER_ENGLISH, f"{singular} {plural or ''}", re.IGNORECASE), singular
        for text in said:
            assert not re.search(NEVER_SPANISH, text, re.IGNORECASE), text


def test_the_spanish_says_usted_and_names_everybody_without_signs(entries):
    for said in entries.values():
        for text in said:
            assert not re.search(FAMILIAR, text, re.IGNORECASE), text
            assert not re.search(SHORT_FORMS, text, re.IGNORECASE), text


def test_no_exclamation_marks(entries):
    for (_context, singular, plural), said in entries.items():
        assert not set("!¡") & set("".join([singular, plural or "", *said])), singular


def test_questions_open_and_close(entries):
    for said in entries.values():
        for text in said:
            assert text.count("¿") == text.count("?"), text


FIXED = {  # ux.md (f)
    "Not yet": "Todavía no",
    "Starting": "Empezando",
    "Growing": "Creciendo",
    "Strong": "Fuerte",
    "Lasting": "Duradero",
    "Open the quarter": "Abrir el trimestre",
    "E-mail me a code": "Enviarme un código por correo",
    "Back": "Atrás",
    "Save and come back later": "Guardar y seguir después",
    "Parents and providers": "Madres, padres y proveedores",
    "Everyone else": "Las demás personas",
    "Parent or family caregiver": "Madre, padre o familiar que cuida",
    "Child care provider or educator": "Proveedora, proveedor o educador",
    "Coalition staff": "Personal de la coalición",
    "Partner organization": "Organización aliada",
    "Another voice": "Otra voz",
    "Saving…": "Guardando…",
    "There is a problem": "Hay un problema",
    "Agreed": "Hay acuerdo",
    "Agreed, with a different view noted": "Hay acuerdo, con otra opinión anotada",
    "Not agreed": "No hay acuerdo",
    "Set aside": "En pausa",
    'Choose a level, or choose "Not agreed"': 'Elija un nivel o "No hay acuerdo"',
    "This link is old. We can send you a new one.": "Este enlace ya venció. Le podemos enviar uno nuevo.",
    "Keep mine": "Dejar el mío",
    "Keep both texts": "Dejar los dos textos",
    "A dip can mean people feel safer to be honest.": (
        "Una baja puede indicar que las personas se sienten más seguras para hablar con honestidad."
    ),
    "Beyond the milestones": "Más allá de los hitos",
    "Submit to our coalition": "Entregar a nuestra coalición",
    "Share with funders": "Compartir con financiadores",
    "See it as a funder sees it": "Verlo como lo ve un financiador",
    "Each coalition rates itself and sets its own bar. Use these levels to learn, not to put coalitions in order or to"
    " decide who gets money.": (
        "Cada coalición se evalúa a sí misma y fija su propia medida. Use estos niveles para aprender, no para poner"
        " en orden a las coaliciones ni para decidir quién recibe dinero."
    ),
    "Self-ratings. Coalitions set their own bar. Not a contest.": (
        "Autoevaluaciones. Cada coalición fija su propia medida. No es una competencia."
    ),
    "See the numbers as a table": "Ver los números en una tabla",
    "Sample data. Not real ratings.": "Datos de ejemplo. No son respuestas reales.",
}


@pytest.mark.parametrize("english", FIXED)
def test_words_that_are_settled(entries, english):
    assert entries.get(key(english), [FIXED[english]]) == [FIXED[english]]


@pytest.mark.parametrize("english", ["Not yet", "Starting", "Growing", "Strong", "Lasting", "Agreed", "Not agreed"])
def test_the_words_of_the_method_are_there(entries, english):
    assert key(english) in entries


def test_levels_and_milestones_have_the_names_of_the_rubric(entries):
    rubric = json.loads((ROOT / "fixtures" / "rubric-1.json").read_text())
    for level in rubric["levels"]:
        assert entries[key(level["name"]["en"])] == [level["name"]["es"]]
    assert [milestone["name"]["es"] for milestone in rubric["milestones"]] == [
        "Preparar la mesa",
        "Seguridad y confianza entre integrantes",
        "Cohesión: ir en la misma dirección",
        "Dinero y otros recursos",
        "Dirigida por madres, padres y proveedores",
        "Avances en la incidencia (leyes y presupuestos)",
        "Impacto en la niñez y las familias",
    ]
