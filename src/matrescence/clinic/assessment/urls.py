"""Addresses of the assessment stage."""

from django.urls import path

from matrescence.clinic.assessment import consulting, entering, links, urgent, views

app_name = "assessment"
urlpatterns = [
    path("mothers/<str:course_id>/assessment/", views.show, name="show"),
    path("mothers/<str:course_id>/assessment/record/", entering.assessment, name="record"),
    path("mothers/<str:course_id>/assessment/follow-up/", entering.follow_up, name="follow-up"),
    path("mothers/<str:course_id>/assessment/consultation/", consulting.consultation, name="consultation"),
    path("mothers/<str:course_id>/assessment/links/", links.links, name="links"),
    path("mothers/<str:course_id>/assessment/links/<int:link_id>/withdraw/", links.withdraw, name="withdraw"),
    path("mothers/<str:course_id>/urgent/", urgent.urgent, name="urgent"),
]
