"""The evaluators' files, by name. A file is a module with its columns, and a line here. Pure."""

from assessments.reports.exports.agreed_ratings import AGREED_RATINGS
from assessments.reports.exports.agreed_ratings_wide import AGREED_RATINGS_WIDE
from assessments.reports.exports.directions import DIRECTIONS_FILE
from assessments.reports.exports.events import EVENTS
from assessments.reports.exports.evidence import EVIDENCE
from assessments.reports.exports.next_steps import NEXT_STEPS
from assessments.reports.exports.releases import RELEASES
from assessments.reports.exports.standings import STANDINGS
from assessments.reports.exports.stories import STORIES

FILES = {
    file.name: file
    for file in (
        AGREED_RATINGS, AGREED_RATINGS_WIDE, STANDINGS, RELEASES, DIRECTIONS_FILE, EVIDENCE, NEXT_STEPS, STORIES,
        EVENTS,
    )
}  # fmt: skip
