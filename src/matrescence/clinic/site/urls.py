"""Addresses of the site: its papers, its settings, its wording, and what was written down."""

from django.urls import path

from matrescence.clinic.site import views

app_name = "site"
HERE = "site/programmes/<str:programme>/"
urlpatterns = [
    path("site/", views.show, name="show"),
    path("site/settings/", views.settings, name="settings"),
    path("site/wording/", views.wordings, name="wordings"),
    path("site/wording/<str:scale>/", views.wording, name="wording"),
    path("site/history/", views.history, name="history"),
    path(HERE, views.programme, name="programme"),
    path(f"{HERE}papers/<str:requirement>/", views.paper, name="paper"),
    path(f"{HERE}statements/<str:requirement>/", views.statement, name="statement"),
    path(f"{HERE}records/<str:name>/", views.record, name="record"),
]
