"""The evaluators' files, by name. A file is a module with its columns, and a line here. Pure."""

from assessments.reports.exports.agreed_ratings import AGREED_RATINGS
from assessments.reports.exports.directions import DIRECTIONS_FILE
from assessments.reports.exports.releases import RELEASES
from assessments.reports.exports.standings import STANDINGS

FILES = {file.name: file for file in (AGREED_RATINGS, STANDINGS, RELEASES, DIRECTIONS_FILE)}
