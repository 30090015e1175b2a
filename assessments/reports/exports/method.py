"""The method page as plain text, for the package: the same words, taken from the page itself."""

from html.parser import HTMLParser

from django.template import Context, loader
from django.template.loader_tags import BlockNode
from django.utils import translation

from milestones.models import Rubric

PAGE = "milestones/about_reading.html"
BEGINS = {
    "h1": "\n\n# ",
    "h2": "\n\n## ",
    "h3": "\n\n### ",
    "p": "\n\n",
    "li": "\n- ",
    "dt": "\n- ",
    "dd": ": ",
    "tr": "\n",
    "caption": "\n\n",
}
BETWEEN = {"th", "td"}


class Plain(HTMLParser):
    """Gathers the text of a page, with a line for each heading, paragraph, item and row; not what leads about it."""

    def __init__(self):
        super().__init__()
        self.said = []
        self.leading = 0  # inside a list of links to places of the page

    def handle_starttag(self, tag, attrs):
        self.leading += tag == "nav"
        self.say(BEGINS.get(tag, ""))

    def handle_endtag(self, tag):
        self.leading -= tag == "nav"
        self.say(" | " if tag in BETWEEN else "")

    def handle_data(self, data):
        text = " ".join(data.split())
        if text:
            self.say((" " if data[0].isspace() else "") + text + (" " if data[-1].isspace() else ""))

    def say(self, text):
        if not self.leading:
            self.said.append(text)


def plain(html: str) -> str:
    """A page's text without its tags."""
    parser = Plain()
    parser.feed(html)
    lines = (" ".join(line.split()).removesuffix(" |") for line in "".join(parser.said).splitlines())
    return "\n".join(lines).strip() + "\n"


def method_md(tongue: str) -> str:
    """What the method page says, in one language."""
    template = loader.get_template(PAGE).template
    content = next(node for node in template.nodelist.get_nodes_by_type(BlockNode) if node.name == "content")
    rubric = Rubric.objects.current()
    context = Context({"levels": list(rubric.levels.all()) if rubric else []})
    with translation.override(tongue), context.bind_template(template):
        return plain(content.nodelist.render(context))
