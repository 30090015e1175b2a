"""Filters that say a stored word in the reader's language."""

from django import template

from assessments import words

register = template.Library()


@register.filter
def outcome_label(outcome):
    return words.OUTCOMES.get(outcome, outcome)


@register.filter
def status_label(status):
    return words.STATUSES.get(status, status)


@register.filter
def level_word(level):
    return words.LEVELS.get(level, "")


@register.filter
def tag_label(tag):
    return words.TAGS.get(tag, tag)
