"""What is to change in a file of past quarters, in words."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "no_quarter": _("Write a quarter like 2024Q3."),
    "not_past": _("Only quarters that are over can be imported. Record this one on its own pages."),
    "differs": _("All rows of one quarter must say the same here."),
    "no_mode": _("Write core, focus or full."),
    "no_version": _("No version of the rubric has this name. The template names the one that is in use."),
    "no_question": _("This version of the rubric has no question with this code."),
    "question_twice": _("This quarter has this question already, in row %(row)s."),
    "question_missing": _("This mode asks these questions too, and no row has them: %(codes)s. Add a row for each."),
    "not_asked": _("This mode does not ask this question. Take out the row, or write another mode."),
    "no_focus": _("Focus asks the core questions, and all questions of two milestones. These rows are others."),
    "no_status": _("Write rated, not_agreed, does_not_apply, set_aside or not_rated, or leave it empty."),
    "no_outcome": _("Write agreed, agreed_with_different_view, not_agreed or none, or leave it empty."),
    "no_level": _("Write 0, 1, 2, 3 or 4, or leave it empty."),
    "level_missing": _("The status is “rated”, so write the level: 0, 1, 2, 3 or 4."),
    "level_too_many": _("The status says that there is no level. Take out the level, or write “rated”."),
    "outcome_differs": _("The outcome and the status do not go together."),
    "aside_without_reason": _("Write why this milestone was set aside."),
    "reason_without_aside": _("There is a reason for setting aside, so the status must be set_aside."),
    "other_reason": _("All questions of a milestone that was set aside must give the same reason."),
    "aside_in_part": _("This milestone was set aside. Each of its questions must say set_aside."),
    "text_too_long": _("This text is %(over)s characters too long."),
    "taken": _("This quarter is here already, and says something else. Nothing of it is changed. Take out its rows."),
    "asking": _(
        "Answers for %(quarter)s are open, and what a ballot asks is fixed. Import earlier quarters after they close."
    ),
    "other_questions": _(
        "The questions of this quarter and of %(quarter)s, which is here already, differ. Their levels would look as "
        "if they could be compared. Import an earlier quarter only with the same version of the rubric."
    ),
}
