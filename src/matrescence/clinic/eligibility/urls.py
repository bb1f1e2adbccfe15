"""Addresses of eligibility."""

from django.urls import path

from matrescence.clinic.eligibility import views

app_name = "eligibility"
HERE = "mothers/<str:course_id>/eligibility/"
urlpatterns = [
    path(HERE, views.show, name="show"),
    path(f"{HERE}facts/", views.facts, name="facts"),
    path(f"{HERE}decision/", views.decision, name="decision"),
]
