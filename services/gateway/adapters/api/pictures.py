"""Pictures as the API answers with them."""

from fastapi import Response


class Picture(Response):
    """A JPEG, as the camera or the reader sent it."""

    media_type = "image/jpeg"
