"""Addresses about the people who work here."""

from django.urls import path

from matrescence.clinic.people import views

app_name = "people"
urlpatterns = [
    path("mothers/<str:course_id>/break-glass/", views.break_glass, name="break-glass"),
]
