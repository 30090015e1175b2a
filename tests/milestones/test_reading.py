"""The measures of reading ease that other tests lean on."""

import pytest

from tests.milestones.reading import fernandez_huerta_ease, flesch_kincaid_grade, syllables_en, syllables_es


def test_the_measures_tell_hard_text_from_easy():
    easy = ["We ask the group to meet. They say what they need."]
    hard = ["Institutional stakeholders operationalize participatory accountability mechanisms across jurisdictions."]
    assert flesch_kincaid_grade(easy) < 3 and flesch_kincaid_grade(hard) > 12
    facil = ["Le damos la voz a la gente. Ella dice lo que pide."]
    dificil = ["Las instituciones participantes operacionalizan mecanismos interinstitucionales de responsabilización."]
    assert fernandez_huerta_ease(facil) > 90 and fernandez_huerta_ease(dificil) < 40


@pytest.mark.parametrize(
    ("count", "word", "number"),
    [
        (syllables_en, "coalition", 4),
        (syllables_en, "share", 1),
        (syllables_en, "asked", 1),
        (syllables_en, "needed", 2),
        (syllables_en, "table", 2),
        (syllables_en, "voices", 2),
        (syllables_en, "names", 1),
        (syllables_es, "coalición", 4),
        (syllables_es, "proveedores", 5),
        (syllables_es, "todavía", 4),
        (syllables_es, "quienes", 2),
        (syllables_es, "cuidado", 3),
        (syllables_es, "niñez", 2),
        (syllables_es, "muy", 1),
    ],
)
def test_syllables(count, word, number):
    assert count(word) == number
