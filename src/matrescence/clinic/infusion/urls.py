"""Addresses of the live infusion of one mother."""

from django.urls import path

from matrescence.clinic.infusion import bedside_views, views

app_name = "infusion"
_HERE = "mothers/<str:course_id>/infusion/"
urlpatterns = [
    path(_HERE, views.show, name="show"),
    path(f"{_HERE}acts/", views.acts, name="acts"),
    path(f"{_HERE}do/<slug:name>/", views.run, name="run"),
    path(f"{_HERE}decide/<slug:name>/", views.decide, name="decide"),
    path(f"{_HERE}handover/<slug:name>/", views.handover, name="handover"),
    path(f"{_HERE}confirm/dose-plan/", views.confirm_plan, name="confirm-plan"),
    path(f"{_HERE}confirm/pump/", views.confirm_pump, name="confirm-pump"),
    path(f"{_HERE}devices/", bedside_views.devices, name="devices"),
    path(f"{_HERE}simulator/", bedside_views.simulator, name="simulator"),
    path(f"{_HERE}snapshot", bedside_views.snapshot, name="snapshot"),
    path(f"{_HERE}stream", bedside_views.stream, name="stream"),
]
LIVE_NAMES = frozenset({"infusion:show", "infusion:acts", "infusion:snapshot", "infusion:stream"})
"""What goes on being shown while the person at the screen is idle.  It only reads; a write asks who she is."""
