"""A ZIP archive made as it is sent: nothing of it is kept, and the same members give the same bytes. Pure."""

import io
from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can say


class Outbox(io.RawIOBase):
    """Takes what is written, and hands it on once."""

    def __init__(self):
        self.parts = []

    def writable(self):
        return True

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found, self.parts = b"".join(self.parts), []
        return found


def member(name: str) -> ZipInfo:
    """A member that says nothing of when or where it was made."""
    info = ZipInfo(name, NO_TIME)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def zipped(members: Iterable[tuple[str, Iterable[bytes]]], *, large: bool = False) -> Iterator[bytes]:
    """The bytes of an archive of these members, in their order; `large` where one may pass two gigabytes.

    Where a member breaks off, so does the archive, before the list at its end that makes it one.
    """
    outbox = Outbox()
    with ZipFile(outbox, "w") as archive:
        for name, parts in members:
            with archive.open(member(name), "w", force_zip64=large) as inside:
                for part in parts:
                    inside.write(part)
                    if made := outbox.taken():
                        yield made
    yield outbox.taken()
