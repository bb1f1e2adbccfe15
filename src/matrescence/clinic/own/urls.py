"""Addresses of her own pages: each begins with the secret of her link."""

from django.urls import path

from matrescence.clinic.own import cost, handout, views

app_name = "own"
urlpatterns = [
    path("s/<str:token>/", views.start, name="start"),
    path("s/<str:token>/<int:number>/", views.question, name="question"),
    path("s/<str:token>/now/", views.now_page, name="now"),
    path("s/<str:token>/stop/", views.stop, name="stop"),
    path("s/<str:token>/check/", views.check, name="check"),
    path("s/<str:token>/sent/", views.sent, name="sent"),
    path("s/<str:token>/language/", views.language, name="language"),
    path("s/<str:token>/feeding/", handout.feeding, name="feeding"),
    path("s/<str:token>/cost/", cost.cost, name="cost"),
]
