"""What is counted over all coalitions: kept by each process until an act changes what a shared page may show.

So a page reads as much of the database as it shows, however many coalitions there are beside.
"""

import hashlib
from collections.abc import Callable

from django.core.cache import caches
from django.utils.translation import get_language

from assessments.access import reads_shared
from assessments.reports import freshness

AN_HOUR = 3600  # seconds: after a change by hand in the database, which no log tells of


def kept(request, question: tuple, count: Callable):
    """What `count()` gives, counted once for one question, one reach of memberships, one language and one state of
    the log."""
    reach = sorted(str(membership.coalition_id) for membership in reads_shared(request.user))
    seen = (question, reach, get_language(), freshness.log(request), freshness.code())
    return caches["process"].get_or_set(hashlib.sha256(repr(seen).encode()).hexdigest(), count, AN_HOUR)
