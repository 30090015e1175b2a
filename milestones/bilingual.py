"""Text kept in two columns, `name_en` and `name_es`, and read as `name` in the reader's language."""

from django.utils.translation import get_language

LANGUAGES = ("en", "es")


def language() -> str:
    """The code of the reader's language: "es" or, for anything else, "en"."""
    return "es" if (get_language() or "en").startswith("es") else "en"


def pick(texts: dict, tongue: str | None = None) -> str:
    """The text of `{"en": …, "es": …}` in one language, or in the other where that one is empty."""
    tongue = tongue or language()
    other = "en" if tongue == "es" else "es"
    return texts.get(tongue) or texts.get(other) or ""


class Bilingual:
    """Reads `<name>_en` and `<name>_es` of an object as one attribute, in the reader's language."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return pick({tongue: getattr(instance, f"{self.name}_{tongue}") for tongue in LANGUAGES})


def both(instance, name: str) -> dict:
    """The two texts of one attribute as `{"en": …, "es": …}`."""
    return {tongue: getattr(instance, f"{name}_{tongue}") for tongue in LANGUAGES}
