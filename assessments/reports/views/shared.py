"""One coalition as its readers see it, and the files that go with what it shares."""

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import condition

from assessments import access
from assessments.discussing import files
from assessments.reports import charts, dashboards, drawn, filters, next_steps, page, queries, rows, sentences, since
from assessments.reports.figures import with_files
from assessments.reports.freshness import fingerprint
from assessments.reports.views import reporting
from assessments.reports.views.readers import for_readers
from milestones import answers


@answers.methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def shared_coalition(request, state, slug):
    """One coalition in its own words: of one quarter, what it shares."""
    found = access.get_shared_coalition(request.user, state, slug)
    coalition = queries.as_coalition(found)
    readable = queries.shared_rows(request.user, coalition=found)
    if not readable:
        return withdrawn(request, found, coalition)
    if reporting.wants_print(request):
        return to_print(request, coalition, readable)
    return answers.page(request, "reports/shared_coalition.html", asked_context(request, coalition, readable))


def asked_quarter(request, readable):
    """The quarter that the address names, and a notice where it names none that is shared: then it is the last."""
    quarters = sorted({row.quarter for row in readable})
    return filters.read_quarter(request.GET.get("q", ""), quarters, quarters[-1])


def to_print(request, coalition, readable):
    """The report of the quarter that the address names, as a page to print."""
    quarter, _notice = asked_quarter(request, readable)
    pdf_url = f"{reverse('shared_coalition_pdf', args=[coalition.state, coalition.slug])}?q={quarter.slug}"
    found = reporting.shared(coalition, quarter, readable)
    return reporting.as_page(request, found, pdf_url=pdf_url, back=f"{request.path}?q={quarter.slug}")


def asked_context(request, coalition, readable) -> dict:
    """The page of the quarter that the address names, compared with the one it names, with the files of its figures."""
    quarter, notice = asked_quarter(request, readable)
    compared, second = since.read(request.GET.get("since", ""), page.earlier(readable, quarter))
    context = shared_context(coalition, quarter, readable, since=compared)
    query = f"?q={quarter.slug}" + (f"&since={compared.slug}" if compared else "")
    files = reverse("shared_coalition", args=[coalition.state, coalition.slug]) + "figures/"
    context["figures"] = with_files(context["figures"], files, query)
    return {"notices": [text for text in (notice, second) if text], "query": query, **context}


def shared_context(coalition, quarter, readable, file_url=None, since=None) -> dict:
    """What the funder's page and its preview are drawn from: rows a reader may read, and nothing else."""

    def shared_file_url(quarter, key):
        return reverse("shared_file", args=[coalition.state, coalition.slug, quarter, key])

    recent = next_steps.recent(readable, quarter)
    shown = page.build(
        coalition,
        quarter,
        readable,
        queries.records(pk__in={row.revision for row in readable if row.quarter in recent}, named=False),
        events=queries.events([coalition.id]).get(coalition.id, []),
        reopened=lambda record: queries.reopened_at(record.assessment, record.number),
        file_url=file_url or shared_file_url,
        since=since,
    )
    return {
        "page": shown,
        "chart": chart(shown),
        "figures": drawn.of_page(shown),
        "levels": dashboards.levels(),
        **({"sample_data": True} if coalition.sample else {}),
    }


def chart(shown) -> dict | None:
    """The figure of a page's lines over time, as data; None where there is nothing to draw."""
    time = shown.over_time
    if not time.drawn:
        return None
    return charts.as_json(charts.aligned([(line.name, line.points) for line in time.lines], time.events))


def withdrawn(request, found, coalition):
    """Nothing is shared now: a dated note where something was, 404 where nothing ever was."""
    acts = queries.acts_of_sharing(found)
    if not any(act.shares for act in acts):
        raise Http404
    last = {}
    for act in acts:
        last.setdefault(act.quarter, act)
    shared = {act.quarter for act in acts if act.shares}
    context = {
        "coalition": coalition,
        "notes": [sentences.withdrawn(q, last[q].at, coalition.zone) for q in sorted(shared, reverse=True)],
        **({"sample_data": True} if coalition.sample else {}),
    }
    return answers.page(request, "reports/withdrawn.html", context)


@answers.methods("GET")
@for_readers
def shared_file(request, state, slug, quarter, evidence):
    """A file of evidence that may be shared, of a milestone whose level and story are shared now."""
    found = access.get_shared_coalition(request.user, state, slug)
    readable = queries.shared_rows(
        request.user, coalition=found, quarter_text=str(quarter), sharing=rows.LEVEL_AND_STORY
    )
    for record in queries.records(pk__in={row.revision for row in readable}).values():
        slugs = {row.slug for row in readable if row.revision == record.id}
        kept = page.shown.shared_file(record.content, slugs, str(evidence))
        if kept:
            return files.download(*kept)
    raise Http404
