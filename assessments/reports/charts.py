"""Lines over time as Plotly figures: rows in, a figure out. No database, no request; plotly is imported when drawn."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments import words
from assessments.quarters import Quarter
from assessments.reports import rows

# The colours of static/css/tokens.css; a test compares the two.
COLOURS = {
    "ink": "#14252E",
    "ink-2": "#44545D",
    "hairline": "#C9D1D5",
    "paper": "#FBFAF7",
    "level-edge": "#44545D",
    "level-0": "#FCECCF",
    "level-1": "#A8C772",
    "level-2": "#11A7A4",
    "level-3": "#1B6E98",
    "level-4": "#072D65",
}
FONT = '"Source Sans 3", system-ui, "Segoe UI", Roboto, Arial, sans-serif'
FULL, CORE, EVENT = "circle", "diamond", "triangle-up"
FLAGS_AT = -0.8  # below Not yet
MOST_TICKS = 12


def trend(points: Sequence[rows.Point], events: Sequence[rows.Event] = ()):
    """One milestone of one coalition: steps over quarters, a gap where there is no level."""
    from plotly import graph_objects as go

    quarters = [point.quarter for point in points]
    figure = go.Figure(layout=layout(quarters))
    figure.update_yaxes(
        tickvals=list(words.LEVELS), ticktext=[str(name) for name in words.LEVELS.values()], **level_axis(events)
    )
    draw(figure, points)
    mark_breaks(figure, points, quarters, "y")
    flag_events(figure, quarters, events)
    return figure


def aligned(lines: Sequence[tuple[str, Sequence[rows.Point]]], events: Sequence[rows.Event] = ()):
    """Milestones one under another on one axis of time, in the order of the rubric, events below the last."""
    from plotly import graph_objects as go

    quarters = [point.quarter for point in lines[0][1]] if lines else []
    figure = go.Figure(layout=layout(quarters))
    figure.update_layout(margin={"l": 8, "r": 8, "t": 28, "b": 8})
    height = 1 / max(len(lines), 1)
    for place, (name, points) in enumerate(lines):
        axis = f"y{place + 1 if place else ''}"
        top, last = 1 - place * height, place == len(lines) - 1
        figure.update_layout(
            {
                f"yaxis{axis[1:]}": {
                    "domain": [max(top - height * (1.0 if last else 0.72), 0), top],
                    "anchor": "x",
                    "tickvals": list(words.LEVELS),
                    "ticktext": [str(level) for level in words.LEVELS],
                    **level_axis(events if last else ()),
                }
            }
        )
        draw(figure, points, yaxis=axis)
        mark_breaks(figure, points, quarters, axis)
        figure.add_annotation(
            text=name, x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom", showarrow=False,
            font={"size": 14, "color": COLOURS["ink"], "weight": 600},
        )  # fmt: skip
    if lines:
        flag_events(figure, quarters, events, yaxis=axis)
        figure.update_xaxes(anchor=axis)
    return figure


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


def level_axis(events) -> dict:
    """Five steps, with room for the flags of events below them."""
    return {
        "range": [FLAGS_AT - 0.4 if events else -0.4, 4.4],
        "fixedrange": True,
        "automargin": True,
        "zeroline": False,
        "gridcolor": COLOURS["hairline"],
        "ticks": "",
    }


def draw(figure, points: Sequence[rows.Point], **where):
    """Each stretch that a line may join, with a mark for every level."""
    for stretch in rows.lines(points):
        figure.add_scatter(
            x=[point.quarter.label for point in stretch],
            y=[point.level for point in stretch],
            mode="lines+markers",
            line={"shape": "hv", "width": 2.5, "color": COLOURS["ink"]},
            marker={
                "size": 12,
                "color": [COLOURS[f"level-{point.level}"] for point in stretch],
                "symbol": [CORE if point.core_only else FULL for point in stretch],
                "line": {"width": 1.5, "color": COLOURS["level-edge"]},
            },
            customdata=[[str(words.LEVELS[point.level]), evidence(point)] for point in stretch],
            hovertemplate="%{x}<br>%{customdata[0]}%{customdata[1]}<extra></extra>",
            cliponaxis=False,
            **where,
        )


def evidence(point: rows.Point) -> str:
    """The evidence tag as a line of the hover text."""
    if point.evidence_tag not in words.TAGS:
        return ""
    return "<br>" + _("Evidence: %(tag)s") % {"tag": words.TAGS[point.evidence_tag]}


def mark_breaks(figure, points, quarters, axis: str):
    """Two thin upright lines where a question changed."""
    for point in points:
        if point.new_series:
            at = quarters.index(point.quarter) - 0.5
            for side in (-0.04, 0.04):
                figure.add_shape(
                    type="line", xref="x", yref=axis, x0=at + side, x1=at + side, y0=-0.3, y1=4.3,
                    line={"width": 1, "color": COLOURS["ink-2"]},
                )  # fmt: skip


def flag_events(figure, quarters, events, **where):
    """A flag below the axis for each event, with its words in the hover text and in the table."""
    here = [event for event in events if event.quarter in quarters]
    if here:
        figure.add_scatter(
            x=[event.quarter.label for event in here],
            y=[FLAGS_AT] * len(here),
            mode="markers",
            marker={"size": 11, "symbol": EVENT, "color": COLOURS["ink-2"]},
            customdata=[[event.words] for event in here],
            hovertemplate="%{x}<br>%{customdata[0]}<extra></extra>",
            name="events",
            cliponaxis=False,
            **where,
        )


def as_json(figure) -> dict:
    """A figure as plain data for `json_script`."""
    return figure.to_plotly_json()
