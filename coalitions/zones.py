"""The time zones of the states and territories, in words. Pure."""

from django.utils.translation import gettext_lazy as _

ZONES = [
    ("America/New_York", _("Eastern time")),
    ("America/Chicago", _("Central time")),
    ("America/Denver", _("Mountain time")),
    ("America/Phoenix", _("Arizona, no summer time")),
    ("America/Los_Angeles", _("Pacific time")),
    ("America/Anchorage", _("Alaska time")),
    ("Pacific/Honolulu", _("Hawaii time")),
    ("America/Puerto_Rico", _("Puerto Rico and the Virgin Islands")),
    ("Pacific/Guam", _("Guam and the Northern Mariana Islands")),
    ("Pacific/Pago_Pago", _("American Samoa")),
]


def zone_choices(current: str = "") -> list:
    """The zones to choose from, with the one chosen now where it is another."""
    return ZONES if not current or current in dict(ZONES) else [*ZONES, (current, current.replace("_", " "))]
