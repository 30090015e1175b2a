"""The parts of a report, each made from a `page.CoalitionPage`: levels, milestones, next steps, lines over time.

No database: what a page may not say is not in it, so a report cannot say it either.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import words
from assessments.discussing.heard import Heard
from assessments.reports import page, sentences, shown, strips
from assessments.reports.blocks import Items, Part, Table, Words


def day(when) -> str:
    return date_format(when, "DATE_FORMAT")


def full_stop(*sentences_) -> str:
    """What is given, as sentences one after another."""
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in map(str, sentences_) if text)


def captioned(whose: str, caption: str) -> str:
    """A table's name; with whose it is where a report has several coalitions."""
    return f"{whose}: {caption}" if whose else caption


def levels(of: page.CoalitionPage, title: str, *, whose: str = "") -> Part:
    """Where each milestone stands: the picture, and beside it the same in words."""
    tells = any(row.notes for row in of.level_rows)
    head = [_("Milestone"), _("0 to 4"), _("Level"), _("Compared"), _("Evidence"), *([_("Members")] if tells else [])]
    told = [milestone for milestone in of.milestones if milestone.row.shows_level]
    rows = [
        [
            row.label, strip(row), level_words(row), row.note, evidence(milestone.row),
            *([full_stop(*row.notes)] if tells else []),
        ]
        for row, milestone in zip(of.level_rows, told, strict=True)
    ]  # fmt: skip
    note = [_("A filled circle is the level.")]
    if of.compares:
        note.append(_("An open circle is the level of %(quarter)s.") % {"quarter": of.compares.label})
        note.append(_("A dip can mean people feel safer to be honest."))
    if of.suggests:
        note.append(_("Two short upright lines are what members' answers suggest."))
    caption = captioned(whose, _("Each milestone, and what stands beside its level"))
    return Part(title, [Table(caption, head, rows, note=" ".join(note))])


def strip(row: sentences.LevelRow):
    """The picture of one level; without one, the words that say why."""
    if row.level is None:
        return row.status_label
    return strips.Strip(row.level, row.previous_level, row.suggested_level, said=full_stop(level_words(row), row.note))


def level_words(row: sentences.LevelRow) -> str:
    if row.level is None:
        return row.status_label
    said = f"{row.level_name} ({row.level})"
    return f"{said}, {_('core only')}" if row.core_only else said


def evidence(row) -> str:
    return str(words.TAGS.get(row.evidence_tag, "")) if row.level is not None else ""


def milestone(of: shown.Milestone, *, inside: bool) -> Part:
    """One milestone: its level, story and next steps, and each question with what was agreed."""
    blocks = []
    if of.row.shows_level:
        blocks.append(Words(standing(of)))
        if of.set_aside:
            why = _("Set aside this quarter. Our choice, because: %(reason)s") % {"reason": of.set_aside}
            blocks.append(Words(why))
    else:
        blocks.append(Words(_("Shared: story only.")))
        if not of.story and not of.steps:
            blocks.append(Words(_("Nothing is written here.")))
    if of.story:
        blocks.append(Words(of.story))
    parts = [indicator(i, inside=inside) for i in of.indicators]
    inner = [*steps(of.steps)]
    if parts:
        inner.append(Part(_("What was agreed, question by question"), parts=parts))
    return Part(of.name, blocks, inner, tag=_("the coalition's own") if of.row.own else "")


def standing(of: shown.Milestone) -> str:
    row = of.row
    level = f"{sentences.level_word(row.level)} ({row.level})" if row.level is not None else label(row.status)
    marks = [*([_("core only")] if row.core_only else []), *([_("a focus this quarter")] if row.focus else [])]
    said = [", ".join([level, *marks])]
    if row.level is not None:
        said.append(f"{_('Evidence:')} {evidence(row)}")
    if of.direction:
        said.append(f"{_('Members, since last quarter:')} {of.direction}")
    return full_stop(*said)


def label(status: str) -> str:
    return str(sentences.STATUSES.get(status, status))


def indicator(of: shown.Indicator, *, inside: bool) -> Part:
    """One question: its level and outcome, what members answered, why, other views, evidence."""
    level = f"{sentences.level_word(of.level)} ({of.level})" if of.level is not None else label(of.status)
    outcome = []
    if of.level is not None:
        tag = f"{_('Evidence:')} {words.TAGS.get(of.evidence_tag, of.evidence_tag)}"
        outcome = [words.OUTCOMES.get(of.outcome, of.outcome), tag]
    blocks = [Words(of.question), Words(full_stop(level, *outcome))]
    if of.heard:
        blocks.append(Words(answers(of.heard), label=_("Members' answers:")))
    if of.reason:
        blocks.append(Words(of.reason, label=_("Why:")))
    blocks += [different_view(view, inside=inside) for view in of.views]
    if of.evidence:
        blocks.append(Items([evidence_item(item, inside=inside) for item in of.evidence]))
    tags = [_("the coalition's own")] if of.own else []
    return Part(of.title, blocks, tag=", ".join([*tags, *([_("core")] if of.core else [])]))


def answers(heard: Heard) -> str:
    """What members answered to one question, in sentences; never a count, in either mode."""
    if heard.too_few:
        return heard.sentence
    said = [_("Answers suggest %(level)s.") % {"level": heard.suggested_word}, heard.band, heard.agreement]
    if heard.deferred:
        said.append(_("All answers together: %(level)s.") % {"level": heard.level_word})
    said += [f"{side.name}: {side.word}" for side in heard.sides]
    if heard.blind_spot:
        said.append(_("A third or more could not say."))
    return full_stop(*said)


def different_view(view: shown.View, *, inside: bool) -> Words:
    hints = []
    if inside:
        hints.append(_("Signed by %(name)s.") % {"name": view.signed} if view.signed else _("Not signed."))
        if view.coalition_only:
            hints.append(_("Our coalition only."))
    return Words(view.text, label=_("A different view:"), hint=" ".join(hints))


def evidence_item(of: shown.EvidenceItem, *, inside: bool) -> Words:
    hints = [of.voice, *([day(of.dated)] if of.dated else [])]
    if of.file_url:
        hints.append(_("with a PDF") if of.is_pdf else _("with a picture"))
    if of.link:
        hints.append(of.link)
    if inside and of.coalition_only:
        hints.append(_("Our coalition only."))
    return Words(of.shows, label=f"{of.kind}:", hint=" · ".join(hints), link=of.link)


def steps(found: list[shown.Step], title: str = "") -> list[Part]:
    """Next steps as a part; none where there are none."""
    return [Part(title or _("Next steps"), [Items([step(of) for of in found])])] if found else []


def step(of: shown.Step) -> Words:
    who = [of.owner, of.role, _("by %(day)s") % {"day": day(of.due_on)}, of.status_label]
    text = f"{of.text}\n{of.what_happened}" if of.what_happened else of.text
    return Words(text, label=f"{of.kind}:", hint=" · ".join(str(part) for part in who if part))


def over_time(time: page.OverTime, *, whose: str = "") -> list[Part]:
    """The lines over all quarters, each with its sentence; the same as a table; what happened."""
    if len(time.quarters) < 2:
        return []
    title, blocks = _("Over time"), []
    if time.drawn:
        lines = [
            [line.name, strips.Line(line.points, said=full_stop(line.name, said)), said]
            for line, said in ((line, sentences.over_time(line.points)) for line in time.lines)
        ]
        drawn = _("From %(first)s to %(last)s, each milestone beside its own past") % {
            "first": time.quarters[0].label,
            "last": time.quarters[-1].label,
        }
        head = [_("Milestone"), _("Levels, 0 to 4"), _("What the line shows")]
        blocks.append(Table(captioned(whose, drawn), head, lines, note=how_to_read(time)))
    head = [_("Quarter"), *(line.name for line in time.lines)]
    rows = [[row.quarter.label, *(point(p) for p in row.points)] for row in time.table]
    blocks.append(Table(captioned(whose, _("Levels by quarter")), head, rows))
    parts = []
    if time.events:
        happened = [Words(event.words, label=f"{day(event.on)}:") for event in sorted(time.events, key=lambda e: e.on)]
        parts.append(Part(_("What happened"), [Items(happened)]))
    return [Part(title, blocks, parts)]


def how_to_read(time: page.OverTime) -> str:
    said = [_("Each mark is the agreed level of one quarter; a gap is a quarter without one.")]
    if time.core_only:
        said.append(_("A diamond: the core question only."))
    if time.breaks:
        said.append(_("Two upright lines: a question changed, so levels on both sides are not compared."))
    return " ".join(said)


def point(of) -> str:
    """One quarter of a line in words."""
    if of.level is None:
        return label(of.status)
    said = [f"{sentences.level_word(of.level)} ({of.level})"]
    if of.core_only:
        said.append(_("core only"))
    if of.new_series:
        said.append(_("a question changed"))
    return ", ".join(said)
