from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("The procedure")

    def ready(self) -> None:
        from workflow import checks  # noqa: F401, PLC0415 (system checks register themselves on import, once apps are ready)
