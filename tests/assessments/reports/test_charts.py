"""Figures: the same values as their tables, gaps as gaps, the site's colours, nothing said by colour alone."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.quarters import Quarter
from assessments.reports import charts, rows
from tests.assessments.reports.made import Q1, Q2, Q3, row

TOKENS = Path(__file__).resolve().parents[3] / "static" / "css" / "tokens.css"
LEVELS = st.none() | st.integers(0, 4)


def marks(figure):
    return [(x, y) for trace in figure.data if trace.name != "events" for x, y in zip(trace.x, trace.y, strict=True)]


def test_the_colours_are_those_of_the_style_sheet():
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-F]{6});", TOKENS.read_text()))
    assert {name: tokens[name] for name in charts.COLOURS} == charts.COLOURS


@given(st.lists(st.tuples(LEVELS, st.integers(1, 2), st.booleans()), min_size=1, max_size=10))
@settings(deadline=None, max_examples=30)
def test_every_mark_is_in_the_table_and_every_level_of_the_table_is_a_mark(made):
    quarters = [Quarter(2024, 1) + step for step in range(len(made))]
    points = rows.points(
        [
            row(level, quarter, series=series, rule="core_only" if core else "lower_median")
            for quarter, (level, series, core) in zip(quarters, made, strict=True)
        ],
        quarters,
    )
    table = [(point.quarter.label, point.level) for point in points if point.level is not None]
    assert marks(charts.trend(points)) == table
    assert marks(charts.aligned([("One", points), ("Other", points)])) == table * 2


def test_a_quarter_without_a_level_is_a_gap_on_an_axis_that_keeps_its_place():
    figure = charts.trend(rows.points([row(0, Q1), row(0, Q3)], [Q1, Q2, Q3]))
    assert [list(trace.x) for trace in figure.data] == [["2026 Q1"], ["2026 Q3"]]
    assert list(figure.layout.xaxis.categoryarray) == ["2026 Q1", "2026 Q2", "2026 Q3"]
    assert None not in [y for trace in figure.data for y in trace.y]


def test_a_changed_question_breaks_the_line_and_is_marked():
    figure = charts.trend(rows.points([row(1, Q1), row(2, Q2, series=2)], [Q1, Q2]))
    assert len(figure.data) == 2
    assert [round(shape.x0, 2) for shape in figure.layout.shapes] == [0.46, 0.54]


def test_core_only_has_a_shape_of_its_own():
    figure = charts.trend(rows.points([row(1, Q1), row(2, Q2, rule="core_only")], [Q1, Q2]))
    assert [trace.marker.symbol[0] for trace in figure.data] == ["circle", "diamond"]


def test_levels_are_named_on_the_axis_and_lines_are_steps():
    figure = charts.trend(rows.points([row(1, Q1), row(2, Q2)], [Q1, Q2]))
    assert list(figure.layout.yaxis.ticktext) == ["Not yet", "Starting", "Growing", "Strong", "Lasting"]
    assert figure.data[0].line.shape == "hv"
    assert figure.layout.dragmode is False and figure.layout.xaxis.fixedrange and figure.layout.yaxis.fixedrange


def test_events_stand_below_the_levels_and_only_on_quarters_that_are_there():
    events = [rows.Event(date(2026, 2, 1), "A bill passed"), rows.Event(date(2020, 1, 1), "Long ago")]
    figure = charts.trend(rows.points([row(0, Q1), row(1, Q2)], [Q1, Q2]), events)
    flags = next(trace for trace in figure.data if trace.name == "events")
    assert list(flags.x) == ["2026 Q1"] and max(flags.y) < 0
    assert figure.layout.yaxis.range[0] < flags.y[0]


@pytest.mark.parametrize("count", [1, 2, 7, 10])
def test_aligned_rows_share_one_axis_and_never_overlap(count):
    points = rows.points([row(1, Q1), row(2, Q2)], [Q1, Q2])
    figure = charts.aligned([(f"Milestone {n}", points) for n in range(count)])
    axes = [figure.layout[f"yaxis{n + 1 if n else ''}"] for n in range(count)]
    assert all(low.domain[1] <= high.domain[0] + 1e-9 for high, low in zip(axes, axes[1:], strict=False))
    assert {trace.xaxis for trace in figure.data} <= {None, "x"}
    assert [a.text for a in figure.layout.annotations] == [f"Milestone {n}" for n in range(count)]


def test_a_figure_is_small_plain_data():
    figure = charts.as_json(charts.trend(rows.points([row(1, Q1), row(2, Q2)], [Q1, Q2])))
    assert len(json.dumps(figure)) < 3000
