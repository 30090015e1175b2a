"""One spelling for what people type and for what is kept as JSON: keys, text without hidden characters. Pure."""

import json
import unicodedata

# Zero-width joiner and non-joiner stay: emoji and some scripts need them.
HIDDEN = {"\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\uffa0", "\u2800", "\u115f", "\u1160", "\u180e"}
BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def email_key(email: str) -> str:
    """The one form of an e-mail address: NFC, no outer space, casefolded."""
    return unicodedata.normalize("NFC", email or "").strip().casefold()


def name_key(name: str) -> str:
    """The form by which names are told apart: NFKC, casefolded, spaces folded."""
    return " ".join(unicodedata.normalize("NFKC", clean_text(name)).casefold().split())


def clean_text(text: str) -> str:
    """Text as it is kept: NFC, line ends as LF, without controls and marks that reorder or hide text."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or not (unicodedata.category(c) == "Cc" or c in BIDI))


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen."""
    return all(c.isspace() or c in HIDDEN or unicodedata.category(c) in ("Cf", "Cc", "Zs") for c in text)


def canonical(body: dict) -> str:
    """The one spelling of a body as JSON: sorted keys, no spaces, real characters."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
