"""The events of a revision's quarter, found by the query that finds the revision: one list in one cell."""

import uuid

from django.db.models import Aggregate, CharField, Exists, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, ExtractQuarter, ExtractYear, JSONArray

from assessments.models import Event, Shares, Standing


class ListOf(Aggregate):
    """The values of many rows as one list of JSON."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def with_events(revisions):
    """The revisions, each with `happened`, the events of its quarter, and `open`, whether readers may know of them."""
    year, number = (Cast(part("happened_on"), CharField()) for part in (ExtractYear, ExtractQuarter))
    events = (
        Event.objects.filter(coalition=OuterRef("coalition"))
        .annotate(quarter_text=Concat(year, Value("Q"), number))
        .filter(quarter_text=OuterRef("quarter_text"))
        .order_by()
        .values("coalition")
        .annotate(found=ListOf(JSONArray("id", "happened_on", "words")))
        .values("found")
    )
    shared = Standing.objects.filter(
        coalition=OuterRef("coalition"), quarter_text=OuterRef("quarter_text"), sharing=Shares.LEVEL_AND_STORY
    )
    return revisions.annotate(happened=Subquery(events), open=Exists(shared))


def events_of(found: list | None) -> tuple[dict, ...]:
    """The list of one revision as the files read it, by day."""
    events = [{"id": str(uuid.UUID(key)), "happened_on": on, "words": words} for key, on, words in found or ()]
    return tuple(sorted(events, key=lambda event: (event["happened_on"], event["id"])))
