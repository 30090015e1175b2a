"""What may stand in an address: a quarter (`2026q2`) and the code of an indicator, in one spelling each."""

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
