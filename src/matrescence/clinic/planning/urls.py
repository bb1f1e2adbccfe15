"""Addresses of the plan of one mother."""

from django.urls import path

from matrescence.clinic.planning import choosing, papers, views

app_name = "planning"
_HERE = "mothers/<str:course_id>/plan/"
urlpatterns = [
    path(_HERE, views.show, name="show"),
    path(f"{_HERE}side-by-side/", views.side_by_side, name="compare"),
    path(f"{_HERE}choose/", choosing.choose, name="choose"),
    path(f"{_HERE}print/", papers.page_to_print, name="print"),
    path(f"{_HERE}plan.pdf", papers.pdf, name="pdf"),
    path(f"{_HERE}plan.ics", papers.ics, name="calendar"),
]
