"""Addresses about one mother as a whole."""

from django.urls import path

from matrescence.clinic.mother import views

app_name = "mother"
urlpatterns = [
    path("mothers/<str:course_id>/", views.show, name="show"),
    path("mothers/<str:course_id>/history/", views.history, name="history"),
]
