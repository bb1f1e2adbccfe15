"""Addresses about the people who work here."""

from django.urls import path

from matrescence.clinic.people import account_views, audit_views, glass_views, me_views

app_name = "people"
urlpatterns = [
    path("me/", me_views.me, name="me"),
    path("me/unlock/", me_views.unlock, name="unlock"),
    path("me/here/", me_views.here, name="here"),
    path("me/password/<uidb64>/<token>/", me_views.SetPassword.as_view(), name="set-password"),
    path("people/", account_views.everybody, name="everybody"),
    path("people/new/", account_views.new, name="new"),
    path("people/<int:person_id>/", account_views.one, name="one"),
    path("people/<int:person_id>/roles/", account_views.roles, name="roles"),
    path("people/<int:person_id>/deactivate/", account_views.deactivate, name="deactivate"),
    path("people/<int:person_id>/reactivate/", account_views.reactivate, name="reactivate"),
    path("people/<int:person_id>/second-factor/", account_views.renew_second_factor, name="second-factor"),
    path("people/<int:person_id>/end-sessions/", account_views.end_sessions, name="end-sessions"),
    path("people/<int:person_id>/new-link/", account_views.new_link, name="new-link"),
    path("people/<int:person_id>/link/", account_views.link, name="link"),
    path("mothers/<str:course_id>/break-glass/", glass_views.break_glass, name="break-glass"),
    path("mothers/<str:course_id>/break-glass/close/", glass_views.close_glass, name="close-glass"),
    path("audit/", audit_views.rows, name="audit"),
    path("audit/<int:seq>/", audit_views.row, name="audit-row"),
    path("audit/chain/", audit_views.chain, name="audit-chain"),
    path("audit/break-glass/", glass_views.glasses, name="glasses"),
    path("audit.csv", audit_views.as_csv, name="audit-csv"),
    path("audit.jsonl", audit_views.as_json, name="audit-json"),
]
