"""The addresses of reporting on human rights."""

from django.urls import path

from reporting import views

urlpatterns = [
    path("reporting/", views.index, name="reporting"),
    path("reporting/new/", views.add_obligation, name="reporting-new"),
    path("reporting/<slug:reference>/", views.detail, name="reporting-detail"),
    path("reporting/<slug:reference>/edit/", views.edit_obligation, name="reporting-edit"),
    path("reporting/<slug:reference>/reports/new/", views.add_report, name="report-new"),
    path("reporting/<slug:reference>/reports/<int:pk>/edit/", views.edit_report, name="report-edit"),
]
