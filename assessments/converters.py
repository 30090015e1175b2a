"""What may stand in an address, each in one spelling: a quarter (`2026q2`), an indicator, the kind of a file."""

from assessments.quarters import Quarter


class QuarterConverter:
    regex = "20[0-9]{2}q[1-4]"

    def to_python(self, value):
        return Quarter.parse(value)

    def to_url(self, value):
        return value.slug if isinstance(value, Quarter) else str(value)


class IndicatorConverter:
    regex = "[1-9]\\.[1-9][0-9]?|own-[1-9][0-9]{0,2}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class FigureFileConverter(IndicatorConverter):
    regex = "csv|svg"
