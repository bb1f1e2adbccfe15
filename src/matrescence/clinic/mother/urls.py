"""Addresses about one mother as a whole."""

from django.urls import path

from matrescence.clinic.mother import begin, change, views

app_name = "mother"
urlpatterns = [
    path("mothers/begin/", begin.begin, name="begin"),
    path("mothers/<str:course_id>/", views.show, name="show"),
    path("mothers/<str:course_id>/history/", views.history, name="history"),
    path("mothers/<str:course_id>/change/", change.change, name="change"),
    path("mothers/<str:course_id>/correct/<int:position>/", change.correct, name="correct"),
]
