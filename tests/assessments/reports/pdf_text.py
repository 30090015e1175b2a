"""What a PDF says to whoever reads it with a program: its text in the order of the pages, and its tags."""

import io
import re
from dataclasses import dataclass

import pikepdf


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def to_unicode(font) -> dict[str, str]:
    """The text that each code of a font stands for, as its ToUnicode says."""
    said = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", said, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w*)>", part):
            found[code.lower()] = bytes.fromhex(text).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", said, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            start = int.from_bytes(bytes.fromhex(text), "big")
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = f"{int(first, 16) + step:0{len(first)}x}"
                found[code] = (start + step).to_bytes(len(text) // 2, "big").decode("utf-16-be")
    return found


def lines(content: bytes) -> list[list[str]]:
    """The text of each page, piece by piece as it is set: a line, or the part of one in one font."""
    found = []
    for page in opened(content).pages:
        fonts = {name: to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
        pieces, codes = [], {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                codes = fonts[str(operands[0])]
            elif str(operator) in ("Tj", "TJ"):
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                raw = [bytes(part).hex() for part in parts if isinstance(part, pikepdf.String)]
                pieces.append(
                    "".join(codes.get(text[at : at + 4], "") for text in raw for at in range(0, len(text), 4))
                )
        found.append(pieces)
    return found


def pages(content: bytes) -> list[str]:
    """The text of each page, without spaces and line ends, so that where a line breaks does not matter."""
    return [squeezed("".join(pieces)) for pieces in lines(content)]


def said(content: bytes) -> str:
    return "".join(pages(content))


def squeezed(text: str) -> str:
    """A text as `said` has it."""
    return re.sub(r"[\s\u200b]", "", text)


@dataclass(frozen=True)
class Tag:
    """One tag: what it is, the words that stand for it, and of what a header is one."""

    kind: str
    alt: str
    scope: str


def tags(content: bytes) -> list[Tag]:
    """Every tag of the document, in reading order."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for inner in node:
                walk(inner)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            attributes = node.get("/A", [])
            attributes = attributes if isinstance(attributes, pikepdf.Array) else [attributes] if attributes else []
            scope = next((str(of.Scope) for of in attributes if "/Scope" in of), "")
            found.append(Tag(str(node.S).strip("/"), str(node.get("/Alt", "")), scope.strip("/")))
            if "/K" in node:
                walk(node.K)

    with opened(content) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def kinds(content: bytes) -> list[str]:
    return [tag.kind for tag in tags(content)]


def tables(content: bytes) -> list[list[list[str]]]:
    """Every table as its rows, and of each row the kinds of its cells."""
    found = []

    def children(node):
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, pikepdf.Array) else [kids]
        return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]

    def rows(node):
        for kid in children(node):
            if str(kid.S) == "/TR":
                yield [str(cell.S).strip("/") for cell in children(kid)]
            else:
                yield from rows(kid)

    def walk(node):
        for kid in children(node):
            if str(kid.S) == "/Table":
                found.append(list(rows(kid)))
            else:
                walk(kid)

    with opened(content) as document:
        walk(document.Root.StructTreeRoot)
    return found
