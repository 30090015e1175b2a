"""Django's SMTP backend, which remembers whether the server was given the text of a message."""

import smtplib

from django.core.mail.backends.smtp import EmailBackend


class Noting:
    """An SMTP session that notes when the text of a message goes out: commands are written as str, the text as bytes.

    Until then the server has nothing that it could deliver, however it falls silent.
    """

    gave_text = False

    def send(self, s):
        if isinstance(s, bytes):
            self.gave_text = True
        super().send(s)


class Plain(Noting, smtplib.SMTP):
    pass


class Encrypted(Noting, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """What EMAIL_URL names by `smtp…` (settings.py). Use it for one message."""

    @property
    def connection_class(self):
        return Encrypted if self.use_ssl else Plain

    @property
    def gave_text(self) -> bool:
        """Whether the server may have a message by now."""
        return self.connection is not None and self.connection.gave_text
