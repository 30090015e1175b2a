"""The files in `fixtures/`: complete, in two languages, and in the words we decided on. No database."""

import json
import re
from pathlib import Path

import pytest

from tests.milestones.reading import fernandez_huerta_ease, flesch_kincaid_grade

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = ("rubric-1.json", "states.json", "findings.json")

MILESTONES = [
    ("setting-the-table", "Setting the table", "Preparar la mesa"),
    ("safety-and-trust", "Safety and trust across members", "Seguridad y confianza entre integrantes"),
    ("cohesion", "Cohesion", "Cohesión: ir en la misma dirección"),
    ("financing", "Financing", "Dinero y otros recursos"),
    (
        "directed-by-parents-and-providers",
        "Directed by parents and providers",
        "Dirigida por madres, padres y proveedores",
    ),
    ("advocacy-progress", "Advocacy progress", "Avances en la incidencia (leyes y presupuestos)"),
    ("impact-for-children-and-families", "Impact for children and families", "Impacto en la niñez y las familias"),
]
CORE = ["1.2", "2.1", "3.1", "4.2", "5.4", "6.4", "7.1"]
LEVELS = [
    ("Not yet", "Todavía no"),
    ("Starting", "Empezando"),
    ("Growing", "Creciendo"),
    ("Strong", "Fuerte"),
    ("Lasting", "Duradero"),
]

# The tile map, row by row, as the interface study draws it.
TILES = """
AK1 ME12 VT10 NH11
NY9 CT10 MA11
WA1 MT2 ND3 SD4 MN5 WI6 MI7 PA9 NJ10 RI11
OR1 ID2 WY3 NE4 IA5 IL6 IN7 OH8 VA9 DC10 DE11
NV1 UT2 CO3 KS4 MO5 TN6 KY7 WV8 NC9 MD10
CA1 AZ2 NM3 OK4 AR5 MS6 AL7 GA8 SC9
TX4 LA5 FL9
HI1 GU3 MP4 AS5 PR10 VI11
"""
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}
NAMED_OTHERWISE_IN_SPANISH = set("AS DC HI LA MI MO MP MS NC ND NH NJ NM NY OR PA SC SD VI WV".split())

# What the source says of which state; no state is named in milestones 2, 5 and 7.
FOUND = {
    1: {"CO", "LA", "NM", "NY", "VA"},
    3: {"CO", "LA", "NY", "OR", "VA"},
    4: {"CO", "NM", "VA"},
    6: {"NY", "OR", "VA"},
}

# A family of words is its stem. "Mejor" and "peor" are barred where they put people in order ("las mejores
# coaliciones"), not where something got better ("viven mejor").
FORBIDDEN = {
    "en": r"scor(e|es|ed|ing)|grad(e|es|ed|ing)|fail\w*|weak\w*|behind|lagg\w+|top|best|worst|rank\w*"
    r"|anonym\w*|consensus|rounds?",
    "es": r"puntaje\w*|puntuaci\w+|calificaci\w+|calificar\w*|rankings?|clasificaci\w+|an[oó]nim\w*"
    r"|fracas\w+|d[eé]bil\w*|rezagad\w+|atrasad\w+|reprob\w+|peor(es)?|(el|la|los|las|lo) mejor(es)?"
    r"|consensos?|rondas?",
}
NOT_USTED = r"tú|tu|tus|ti|contigo|tuy[oa]s?|vos|vosotr[oa]s|vuestr[oa]s?"


def load(name):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rubric():
    return load("rubric-1.json")


@pytest.fixture(scope="module")
def states():
    return load("states.json")


@pytest.fixture(scope="module")
def findings():
    return load("findings.json")


def pairs(data, path=""):
    """Every bilingual text of a file, with where it stands."""
    if isinstance(data, dict):
        if "en" in data or "es" in data:
            yield path, data
            return
        for key, value in data.items():
            yield from pairs(value, f"{path}/{key}")
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from pairs(value, f"{path}/{place}")


def indicators(rubric):
    return [indicator for milestone in rubric["milestones"] for indicator in milestone["indicators"]]


def member_texts(rubric, tongue):
    """What a member reads on the ballot: questions, descriptors, level meanings."""
    texts = [level["meaning"][tongue] for level in rubric["levels"]]
    for indicator in indicators(rubric):
        texts.append(indicator["question"][tongue])
        texts.extend(descriptor[tongue] for descriptor in indicator["descriptors"])
    return texts


def barred(tongue, text):
    return [hit.group() for hit in re.finditer(rf"\b(?:{FORBIDDEN[tongue]})\b", text, re.IGNORECASE)]


# The files


@pytest.mark.parametrize("name", FILES)
def test_files_are_laid_out_alike(name):
    raw = (FIXTURES / name).read_text(encoding="utf-8")
    assert raw == json.dumps(json.loads(raw), indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_there_in_both_languages(name):
    texts = list(pairs(load(name)))
    assert texts
    for path, text in texts:
        assert set(text) == {"en", "es"}, path
        for tongue in text:
            assert isinstance(text[tongue], str) and text[tongue].strip(), (path, tongue)
            assert text[tongue] == " ".join(text[tongue].split()), (path, tongue)


@pytest.mark.parametrize("name", ("rubric-1.json", "findings.json"))
def test_spanish_is_not_the_english_again(name):
    assert [path for path, text in pairs(load(name)) if text["en"] == text["es"]] == []


@pytest.mark.parametrize("name", ("rubric-1.json", "findings.json"))
def test_both_languages_end_alike(name):
    for path, text in pairs(load(name)):
        assert re.search(r"[.?]?$", text["en"]).group() == re.search(r"[.?]?$", text["es"]).group(), path


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("tongue", ("en", "es"))
def test_forbidden_words_are_absent(name, tongue):
    found = {path: barred(tongue, text[tongue]) for path, text in pairs(load(name))}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize("name", FILES)
def test_nobody_is_shouted_at(name):
    assert [path for path, text in pairs(load(name)) if re.search("[!¡]", text["en"] + text["es"])] == []


@pytest.mark.parametrize("name", ("rubric-1.json", "findings.json"))
def test_spanish_says_usted_and_includes_everybody_in_plain_letters(name):
    for path, text in pairs(load(name)):
        spanish = text["es"]
        assert not re.search(rf"\b(?:{NOT_USTED})\b", spanish, re.IGNORECASE), path
        assert "@" not in spanish, path
        assert not re.search(r"[a-z]xs?\b|\w/[ao]s?\b|\w\([ao]s?\)", spanish), path
        assert spanish.count("?") == spanish.count("¿"), path


# The rubric


def test_rubric_is_version_1_and_says_that_it_is_a_draft(rubric):
    assert set(rubric) == {"version", "note", "levels", "milestones"}
    assert rubric["version"] == "1"
    assert "draft" in rubric["note"]["en"] and "borrador" in rubric["note"]["es"]


def test_five_levels_carry_the_decided_names(rubric):
    assert [level["value"] for level in rubric["levels"]] == [0, 1, 2, 3, 4]
    assert [(level["name"]["en"], level["name"]["es"]) for level in rubric["levels"]] == LEVELS


def test_seven_milestones_carry_the_decided_names(rubric):
    assert [milestone["number"] for milestone in rubric["milestones"]] == [1, 2, 3, 4, 5, 6, 7]
    found = [(each["slug"], each["name"]["en"], each["name"]["es"]) for each in rubric["milestones"]]
    assert found == MILESTONES


def test_27_indicators_four_a_milestone_and_three_in_the_last(rubric):
    assert [len(milestone["indicators"]) for milestone in rubric["milestones"]] == [4, 4, 4, 4, 4, 4, 3]


def test_codes_follow_the_milestones(rubric):
    for milestone in rubric["milestones"]:
        expected = [f"{milestone['number']}.{place}" for place in range(1, len(milestone["indicators"]) + 1)]
        assert [indicator["code"] for indicator in milestone["indicators"]] == expected


def test_one_core_indicator_a_milestone(rubric):
    assert all(isinstance(indicator["core"], bool) for indicator in indicators(rubric))
    assert [indicator["code"] for indicator in indicators(rubric) if indicator["core"]] == CORE


def test_every_indicator_has_its_parts(rubric):
    for indicator in indicators(rubric):
        assert set(indicator) == {"code", "title", "question", "core", "grounding", "descriptors"}
        assert isinstance(indicator["grounding"], str) and indicator["grounding"], indicator["code"]
        assert not barred("en", indicator["grounding"]), indicator["code"]
        assert indicator["question"]["en"].endswith("?"), indicator["code"]
        assert "¿" in indicator["question"]["es"], indicator["code"]


@pytest.mark.parametrize("tongue", ("en", "es"))
def test_five_descriptors_are_five_different_sentences(rubric, tongue):
    for indicator in indicators(rubric):
        texts = [descriptor[tongue].casefold() for descriptor in indicator["descriptors"]]
        assert len(texts) == len(set(texts)) == 5, indicator["code"]
        assert all(text.endswith(".") for text in texts), indicator["code"]


@pytest.mark.parametrize("tongue", ("en", "es"))
def test_no_title_or_question_is_used_twice(rubric, tongue):
    for part in ("title", "question"):
        texts = [indicator[part][tongue] for indicator in indicators(rubric)]
        assert len(set(texts)) == 27, part


def test_every_milestone_has_prompts_and_evidence_examples(rubric):
    for milestone in rubric["milestones"]:
        assert len(milestone["prompts"]) == 3, milestone["slug"]
        assert len(milestone["evidence_examples"]) == 4, milestone["slug"]
        assert all(prompt["en"].rstrip("'").endswith("?") for prompt in milestone["prompts"]), milestone["slug"]


@pytest.mark.parametrize("tongue", ("en", "es"))
def test_texts_fit_their_columns(rubric, tongue):
    for level in rubric["levels"]:
        assert len(level["name"][tongue]) <= 60 and len(level["meaning"][tongue]) <= 300
    for milestone in rubric["milestones"]:
        assert len(milestone["name"][tongue]) <= 120
    for indicator in indicators(rubric):
        assert len(indicator["title"][tongue]) <= 120 and len(indicator["question"][tongue]) <= 300
        assert all(len(descriptor[tongue]) <= 400 for descriptor in indicator["descriptors"])


# Reading ease


def test_the_english_that_members_read_is_at_sixth_grade_or_easier(rubric):
    assert flesch_kincaid_grade(member_texts(rubric, "en")) <= 6


def test_the_spanish_that_members_read_is_fairly_easy(rubric):
    assert fernandez_huerta_ease(member_texts(rubric, "es")) >= 70


def test_forbidden_words_are_found_where_they_stand():
    assert barred("en", "Top scores rank the best.") == ["Top", "scores", "rank", "best"]
    assert barred("en", "Stop the underscored frankness.") == []
    assert barred("es", "Las mejores tienen la calificación anónima.") == ["Las mejores", "calificación", "anónima"]
    assert barred("es", "Las familias viven mejor, dice Ana.") == []


# States


def test_56_places_of_three_kinds(states):
    kinds = {}
    for state in states:
        assert set(state) == {"code", "name", "kind", "row", "column"}, state
        kinds.setdefault(state["kind"], set()).add(state["code"])
    assert len(states) == 56
    assert len(kinds["state"]) == 50
    assert kinds["district"] == {"DC"}
    assert kinds["territory"] == TERRITORIES


def test_tiles_do_not_clash_and_stay_on_the_map(states):
    tiles = {(state["row"], state["column"]) for state in states}
    assert len(tiles) == 56
    assert all(1 <= row <= 8 and 1 <= column <= 12 for row, column in tiles)


def test_tiles_are_where_the_map_puts_them(states):
    placed = {}
    for row, line in enumerate(TILES.strip().splitlines(), start=1):
        for tile in line.split():
            placed[tile[:2]] = (row, int(tile[2:]))
    assert {state["code"]: (state["row"], state["column"]) for state in states} == placed


def test_names_of_states_differ_between_languages_where_spanish_has_its_own(states):
    assert {state["code"] for state in states if state["name"]["en"] != state["name"]["es"]} == (
        NAMED_OTHERWISE_IN_SPANISH
    )
    assert len({state["name"]["en"] for state in states}) == len({state["name"]["es"] for state in states}) == 56


# Findings


def test_findings_stand_at_the_states_and_milestones_of_the_source(findings):
    found = {}
    for finding in findings["findings"]:
        assert set(finding) == {"state", "milestone", "text"}, finding
        if finding["state"] is not None:
            found.setdefault(finding["milestone"], []).append(finding["state"])
    assert {number: sorted(codes) for number, codes in found.items()} == {
        number: sorted(codes) for number, codes in FOUND.items()
    }


def test_every_milestone_has_a_finding_or_more(findings):
    numbers = {finding["milestone"] for finding in findings["findings"]}
    assert numbers == {None, 1, 2, 3, 4, 5, 6, 7}


def test_a_finding_names_its_state_and_no_other(findings, states):
    names = {state["code"]: state["name"] for state in states}
    for finding in findings["findings"]:
        for tongue in ("en", "es"):
            text = finding["text"][tongue]
            named = {code for code in ("CO", "LA", "NM", "NY", "OR", "VA") if names[code][tongue] in text}
            assert named == ({finding["state"]} - {None}), text


def test_findings_quote_nobody_and_tell_no_level(findings, rubric):
    levels = "|".join(level["name"]["en"] for level in rubric["levels"])
    for finding in findings["findings"]:
        for text in finding["text"].values():
            assert not re.search(r"[\"“”«»]", text), text
        assert not re.search(rf"\b(?:{levels})\b|\blevel [0-4]\b", finding["text"]["en"]), finding


def test_the_source_of_the_findings_is_named(findings):
    for text in findings["source"].values():
        for part in ("Innovation Network", "Alliance for Early Success", "Milestones for Collective Power", "CC NEXT"):
            assert part in text
