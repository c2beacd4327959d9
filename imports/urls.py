"""The addresses of bringing in a list."""

from django.urls import path

from imports import views

urlpatterns = [
    path("import/", views.index, name="import-list"),
    path("import/<int:pk>/", views.detail, name="import-detail"),
    path("import/<int:pk>/columns/", views.columns, name="import-columns"),
    path("import/<int:pk>/judge/", views.judge, name="import-judge"),
    path("import/<int:pk>/parties/", views.parties, name="import-parties"),
    path("import/<int:pk>/rows/<int:number>/", views.row, name="import-row"),
    path("import/<int:pk>/refused.csv", views.refused_csv, name="import-refused"),
    path("import/<int:pk>/confirm/", views.confirm, name="import-confirm"),
    path("import/<int:pk>/undo/", views.undo, name="import-undo"),
]
