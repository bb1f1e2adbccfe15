"""The address of the worklist."""

from django.urls import path

from matrescence.clinic.worklist import views

app_name = "worklist"
urlpatterns = [path("worklist/", views.show, name="show")]
