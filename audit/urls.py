"""The addresses of the trail."""

from django.urls import path

from audit import views

urlpatterns = [path("audit/", views.index, name="audit")]
