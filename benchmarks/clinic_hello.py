"""The least that a page of Django can cost: one view that says hello, no middleware, no database."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="no secret", MIDDLEWARE=[])


def hello(_request: HttpRequest) -> HttpResponse:
    """Say hello."""
    return HttpResponse("hello")


urlpatterns = [path("", hello)]

from django.core.asgi import get_asgi_application  # noqa: E402 -- after the settings

application = get_asgi_application()
