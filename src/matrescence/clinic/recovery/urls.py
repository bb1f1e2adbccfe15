"""Addresses of the recovery stage."""

from django.urls import path

from matrescence.clinic.recovery import cost, leaving, papers, views

app_name = "recovery"
_HERE = "mothers/<str:course_id>/recovery/"
urlpatterns = [
    path(_HERE, views.show, name="show"),
    path(f"{_HERE}checklist/", leaving.checklist, name="checklist"),
    path(f"{_HERE}discharge/", leaving.discharge, name="discharge"),
    path(f"{_HERE}cost/", cost.show, name="cost"),
    path(f"{_HERE}session-<int:session>.pdf", papers.session_report, name="report"),
]
