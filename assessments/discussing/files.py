"""Evidence files: what may come in, cleaned of place and camera data, and how one goes out."""

import io
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
MOST_PIXELS = 50_000_000  # a picture of more is refused unread
LONGEST_SIDE = 3000  # a larger one is made smaller
PDF_HEAD, PDF_TAIL, TAIL_LENGTH = b"%PDF-", b"%%EOF", 2048


class BadFile(ValueError):
    """This file cannot be taken; the message says why, in words."""


def examined(upload) -> tuple[ContentFile, str]:
    """What is kept of an uploaded file, under a random name, and its type, both read from its content alone."""
    if upload.read(len(PDF_HEAD)) == PDF_HEAD:
        content, file_type = _pdf(upload), "application/pdf"
    else:
        content, file_type = _picture(upload)
    return ContentFile(content, name=f"{uuid.uuid4().hex}.{ENDINGS[file_type]}"), file_type


def _pdf(upload) -> bytes:
    upload.seek(0)
    content = upload.read()
    if PDF_TAIL not in content[-TAIL_LENGTH:]:
        raise BadFile(_("This PDF is cut off or broken. Save it again, then choose it here."))
    return content


def _picture(upload) -> tuple[bytes, str]:
    """The picture drawn anew from its pixels, so that nothing else in the file survives."""
    from PIL import Image, ImageOps

    try:
        upload.seek(0)
        picture = Image.open(upload, formats=["JPEG", "PNG", "WEBP"])
        if picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        was_png = picture.format == "PNG"
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read no larger than it is kept
        picture = ImageOps.exif_transpose(picture)
        see_through = picture.has_transparency_data
        picture = picture.convert("RGBA" if see_through else "RGB")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        image = Image.new(picture.mode, picture.size)
        image.paste(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(_("This picture is too large. Make it smaller, then choose it here.")) from None
    except Exception:  # a broken picture can make the library raise anything
        raise BadFile(_("Choose a picture (JPEG, PNG or WebP) or a PDF.")) from None
    kept = io.BytesIO()
    if see_through or was_png:
        image.save(kept, "PNG")
        return kept.getvalue(), "image/png"
    image.save(kept, "JPEG", quality=85)
    return kept.getvalue(), "image/jpeg"


def download(name: str, file_type: str) -> FileResponse:
    """A kept file to save, never to open in the site: a fixed name, its own type. 404 where the store lost it."""
    if file_type not in ENDINGS or not default_storage.exists(name):
        raise Http404
    return FileResponse(
        default_storage.open(name),
        as_attachment=True,
        filename=f"evidence.{ENDINGS[file_type]}",
        content_type=file_type,
    )
