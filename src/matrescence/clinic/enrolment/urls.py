"""Addresses of one mother's risk programme."""

from django.urls import path

from matrescence.clinic.enrolment import views

app_name = "enrolment"
HERE = "mothers/<str:course_id>/enrolment/"
urlpatterns = [
    path(HERE, views.show, name="show"),
    path(f"{HERE}session/", views.session, name="session"),
    path(f"{HERE}papers/<str:requirement>/", views.paper, name="paper"),
    path(f"{HERE}statements/<str:requirement>/", views.statement, name="statement"),
    path(f"{HERE}records/<str:name>/", views.record, name="record"),
]
