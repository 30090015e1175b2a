"""What the log may not hold: secrets that travel in addresses, and characters that forge lines."""

import logging
import re

SECRET_PATHS = re.compile(r"(/signin/link/|/join/|/unsubscribe/|/evaluate/export/t/)[^/\s?]+|([?&]token=)[^&\s]+")


class HideTokens(logging.Filter):
    """Keeps the secrets that travel in addresses out of the log, and line breaks out of its lines."""

    def filter(self, record):
        message = SECRET_PATHS.sub(lambda m: (m[1] or m[2]) + "…", record.getMessage())
        record.msg, record.args = message.replace("\r", "\\r").replace("\n", "\\n").replace("\x1b", "\\x1b"), ()
        return True
