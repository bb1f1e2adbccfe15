"""Addresses of the feeding stage."""

from django.urls import path

from matrescence.clinic.lactation import papers, views

app_name = "lactation"
_HERE = "mothers/<str:course_id>/lactation/"
urlpatterns = [
    path(_HERE, views.show, name="show"),
    path(f"{_HERE}choose/", views.choose, name="choose"),
    path(f"{_HERE}print/<slug:language>/", papers.page_to_print, name="print"),
    path(f"{_HERE}feeding-<slug:language>.pdf", papers.pdf, name="pdf"),
    path(f"{_HERE}feeding.ics", papers.ics, name="calendar"),
]
