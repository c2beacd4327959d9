"""The addresses of the trail."""

from django.urls import path

from audit import views

urlpatterns = [
    path("audit/", views.index, name="audit"),
    path("audit/entries.jsonl", views.entries, name="audit-export"),
    path("audit/people/<int:key>/", views.person, name="audit-person"),
    path("audit/about/<slug:reference>/", views.about, name="audit-about"),
]
