"""Addresses of the open door, and of the list behind it."""

from django.urls import path

from matrescence.clinic.welcome import requests, views

app_name = "welcome"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("asked/", views.asked, name="asked"),
    path("requests/", requests.listed, name="requests"),
    path("requests/<int:number>/decline/", requests.decline, name="decline"),
]
