"""Lines over time as Plotly figures: rows in, a figure out. No database, no request; plotly is imported when drawn."""

from collections.abc import Sequence
from html import escape

from django.utils.translation import gettext as _

from assessments import words
from assessments.quarters import Quarter
from assessments.reports import rows
from assessments.reports.svg.canvas import COLOURS, FONT

FULL, CORE, EVENT = "circle", "diamond", "triangle-up"
FLAGS_AT = -0.8  # below Not yet
ROOM = 0.72  # of its share of the height, what a row takes; the rest is for the name of the next
MOST_TICKS = 12


def trend(points: Sequence[rows.Point], events: Sequence[rows.Event] = ()):
    """One milestone of one coalition: steps over quarters, a gap where there is no level."""
    from plotly import graph_objects as go

    quarters = [point.quarter for point in points]
    names = [str(name) for name in words.LEVELS.values()]
    return go.Figure(
        data=[*traces(points), *flags(quarters, events)],
        layout={
            **layout(quarters),
            "yaxis": {**level_axis(flags=True), "ticktext": names},
            "shapes": breaks(points, quarters),
        },
    )


def aligned(lines: Sequence[tuple[str, Sequence[rows.Point]]], events: Sequence[rows.Event] = ()):
    """Milestones one under another on one axis of time, in the order of the rubric, events below the last."""
    from plotly import graph_objects as go

    quarters = [point.quarter for point in lines[0][1]]
    drawn = {**layout(quarters), "annotations": [], "shapes": []}
    drawn["margin"] = {**drawn["margin"], "t": 28}
    data: list[dict] = []
    for place, (name, points) in enumerate(lines):
        number, is_last = str(place + 1) if place else "", place == len(lines) - 1
        height = 1 / len(lines)
        top = 1 - place * height
        axis = level_axis(flags=is_last and bool(events))
        axis |= {"domain": [0 if is_last else top - height * ROOM, top], "anchor": "x"}
        drawn[f"yaxis{number}"] = {**axis, "ticktext": [str(level) for level in words.LEVELS]}
        drawn["annotations"].append(title(name, top))
        drawn["shapes"] += breaks(points, quarters, f"y{number}")
        data += traces(points, f"y{number}")
    drawn["xaxis"]["anchor"] = f"y{number}"
    return go.Figure(data=[*data, *flags(quarters, events, f"y{number}")], layout=drawn)


def title(name: str, top: float) -> dict:
    """A milestone's name over its row."""
    font = {"size": 14, "color": COLOURS["ink"], "weight": 600}
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
    return {"text": escape(name), "showarrow": False, "font": font, **where}


def layout(quarters: Sequence[Quarter]) -> dict:
    """What all figures share: the site's type, thin lines, quarters as even steps, nothing to drag or pick."""
    shown = quarters[:: max(1, -(-len(quarters) // MOST_TICKS))]
    return {
        "template": "none",
        "font": {"family": FONT, "size": 14, "color": COLOURS["ink-2"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [quarter.label for quarter in quarters],
            "range": [-0.5, len(quarters) - 0.5],
            "tickvals": [quarter.label for quarter in shown],
            "ticktext": [tick(quarter, first=place == 0) for place, quarter in enumerate(shown)],
            "tickangle": 0,
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "linecolor": COLOURS["hairline"],
        },
    }


def tick(quarter: Quarter, *, first: bool) -> str:
    """A quarter's name on the axis; the year stands once."""
    return f"Q{quarter.number}<br>{quarter.year}" if first or quarter.number == 1 else f"Q{quarter.number}"


def level_axis(*, flags: bool) -> dict:
    """Five steps, and with `flags` room for those of events below them."""
    return {
        "range": [FLAGS_AT - 0.4 if flags else -0.4, 4.4],
        "tickvals": list(words.LEVELS),
        "fixedrange": True,
        "automargin": True,
        "zeroline": False,
        "gridcolor": COLOURS["hairline"],
        "ticks": "",
    }


def traces(points: Sequence[rows.Point], axis: str = "y") -> list[dict]:
    """Each stretch that a line may join, with a mark for every level."""
    return [
        {
            "type": "scatter",
            "x": [point.quarter.label for point in stretch],
            "y": [point.level for point in stretch],
            "yaxis": axis,
            "mode": "lines+markers",
            "line": {"shape": "hv", "width": 2.5, "color": COLOURS["ink"]},
            "marker": {
                "size": 12,
                "color": [COLOURS[f"level-{point.level}"] for point in stretch],
                "symbol": [CORE if point.core_only else FULL for point in stretch],
                "line": {"width": 1.5, "color": COLOURS["level-edge"]},
            },
            "customdata": [[str(words.LEVELS[point.level]), evidence(point)] for point in stretch],
            "hovertemplate": "%{x}<br>%{customdata[0]}%{customdata[1]}<extra></extra>",
            "cliponaxis": False,
        }
        for stretch in rows.lines(points)
    ]


def evidence(point: rows.Point) -> str:
    """The evidence tag as a line of the hover text."""
    if point.evidence_tag not in words.TAGS:
        return ""
    return "<br>" + _("Evidence: %(tag)s") % {"tag": words.TAGS[point.evidence_tag]}


def breaks(points: Sequence[rows.Point], quarters: Sequence[Quarter], axis: str = "y") -> list[dict]:
    """Two thin upright lines where a question changed."""
    line = {"width": 1, "color": COLOURS["ink-2"]}
    return [
        {"type": "line", "xref": "x", "yref": axis, "x0": at, "x1": at, "y0": -0.3, "y1": 4.3, "line": line}
        for point in points
        if point.new_series
        for at in (quarters.index(point.quarter) - 0.54, quarters.index(point.quarter) - 0.46)
    ]


def flags(quarters: Sequence[Quarter], events: Sequence[rows.Event], axis: str = "y") -> list[dict]:
    """A flag below the levels for each event, with its words in the hover text and in the table."""
    here = [event for event in events if event.quarter in quarters]
    if not here:
        return []
    return [
        {
            "type": "scatter",
            "name": "events",
            "x": [event.quarter.label for event in here],
            "y": [FLAGS_AT] * len(here),
            "yaxis": axis,
            "mode": "markers",
            "marker": {"size": 11, "symbol": EVENT, "color": COLOURS["ink-2"]},
            "customdata": [[escape(event.words)] for event in here],
            "hovertemplate": "%{x}<br>%{customdata[0]}<extra></extra>",
            "cliponaxis": False,
        }
    ]


def as_json(figure) -> dict:
    """A figure as plain data for `json_script`."""
    return figure.to_plotly_json()
