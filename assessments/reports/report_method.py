"""How a report's numbers are made, in the words of the method page, so that paper says it without a link."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments import words
from assessments.reports.blocks import Items, Part, Words


def method(address: str) -> Part:
    """The last part of every report; `address` is the method page's own."""
    return Part(
        _("How these levels are made"),
        [
            Words(_(
                "Each coalition rates itself and sets its own bar. Use these levels to learn, not to put "
                "coalitions in order or to decide who gets money."
            )),
            Words(_(
                "For each question a coalition agrees on one of five levels. Each level is described in words. "
                "The number is only a short name for the words."
            )),
            Items([Words(f"{level} {name}") for level, name in words.LEVELS.items()]),
        ],
        [
            Part(_("The level of a milestone"), [
                Words(_(
                    "We put the agreed levels of the milestone's questions in order and take the one in the "
                    "middle. With an even count we take the lower one of the two in the middle. This is the "
                    "highest level that more than half of the questions reach."
                )),
                Words(_(
                    "A milestone needs at least three agreed levels. With fewer it has none, and a label says "
                    "why."
                )),
                Words(_(
                    "A coalition may ask one question for each milestone, the core question. Then the level of "
                    "that question stands for the milestone, and we write “core only” beside it."
                )),
                Words(_(
                    "A core-only level and a full one are not made the same way. When a coalition goes from one to "
                    "the other, we compare the core question with itself and nothing else."
                )),
                Words(_(
                    "We never add levels up and never take a mean. There is no level for all seven milestones "
                    "together."
                )),
            ]),
            Part(_("When there is no level"), [
                Items([
                    Words(_(
                        "The coalition agreed that the question does not fit it now."
                    ), label=f"{_('Does not apply')}:"),
                    Words(_(
                        "The coalition chose not to look at this milestone this quarter, and said why."
                    ), label=f"{_('Set aside')}:"),
                    Words(_(
                        "The coalition talked about it and did not agree on a level."
                    ), label=f"{_('Not agreed')}:"),
                    Words(_("There may be a level. The coalition keeps it inside."), label=f"{_('Not shared')}:"),
                ]),
                Words(_(
                    "A question that nobody rated is shown as not rated. A question that was not part of this "
                    "quarter is shown as not asked."
                )),
            ]),
            Part(pgettext("noun", "Change"), [
                Words(_(
                    "We compare the agreed level of a milestone with the one before it, where both were made the "
                    "same way from the same questions. If a question has changed too much, the line stops and a "
                    "new one begins."
                )),
                Words(_("A change is up, the same or down. We never give a percentage.")),
            ]),
            Part(_("What backs a level"), [
                Items([
                    Words(_("What people think, and nothing else yet."), label=f"{words.TAGS['thin']}:"),
                    Words(_(
                        "One kind of evidence: a document, a count, an event, an official record or a story. Or "
                        "more kinds, but none from parents or providers."
                    ), label=f"{words.TAGS['some']}:"),
                    Words(_(
                        "Two kinds of evidence or more, and at least one comes from parents or providers."
                    ), label=f"{words.TAGS['solid']}:"),
                ]),
            ]),
            Part(_("What members answered"), [
                Words(_(
                    "Members answer alone. When answers close, what they chose suggests a level. We put the "
                    "answers in order and take the one in the middle. With an even count we take the lower one "
                    "of the two in the middle. This is the highest level that more than half of the people are "
                    "at or above."
                )),
                Words(_(
                    "With fewer than 5 answers to a question we show nothing of them: no level, no label and no "
                    "count. To show the two sides we need 6 answers on each. A site may ask for more than that, "
                    "never for less."
                )),
                Words(_(
                    "How many people answered a question is shown as 5–9, 10–19 or 20+. Only a coalition that sees the "
                    "spread can add up its counts and know more."
                )),
                Words(_(
                    "We put the answers in order and leave out a quarter of them at each end, at least one. If "
                    "those in the middle are still two levels or more apart, the answers are wide. If not, they "
                    "are close."
                )),
                Words(_(
                    "From the second quarter on, each person may say of each milestone that it has gone back, "
                    "stayed or moved forward. Those who can't say are not counted. From 10 such answers on we "
                    "show a label, and never how many chose what."
                )),
                Items([
                    Words(_(
                        "About as many people see it go one way as the other, or most see it stay."
                    ), label=f"{_('No clear change')}:"),
                    Words(_(
                        "Clearly more people see it go one way: at least 5 more where 10 answered, 6 more where 16 "
                        "did, 8 more where 25 did."
                    ), label=f"{_('Possible shift')}:"),
                    Words(_(
                        "A possible shift in the same direction came two quarters in a row, or the evidence is solid."
                    ), label=f"{_('Shift')}:"),
                ]),
                Words(_(
                    "People may answer that they cannot see something from where they sit. Where a third or more of "
                    "the answers say so, we write it beside the level. Skipped questions do not count here."
                )),
                Words(_(
                    "Some milestones are about who is safe and who decides. There the suggested level is the lower "
                    "one of the two sides, where both are shown. At first these are milestones 2 and 5. Each "
                    "coalition may choose others."
                )),
            ]),
            Part(_("More about the method"), [Words(address, link=address)]),
        ],
    )  # fmt: skip
