from django.urls import include, path
from wagtail.admin import urls
from wagtail.documents import urls as documents

urlpatterns = [path("cms/", include(urls)), path("documents/", include(documents))]
