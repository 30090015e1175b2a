"""How many answers it takes to show anything, for the pages that promise it before there are any."""

from django import template

from assessments import words

register = template.Library()


@register.simple_tag
def floors():
    """This site's floors: a template says `whole`, `side`, `counts` or `notes` of them."""
    return words.floors()
