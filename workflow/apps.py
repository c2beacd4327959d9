from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("The procedure")

    def ready(self) -> None:
        # System checks register themselves on import, once apps are ready; models can be read from then on.
        from treaties import keepers  # noqa: PLC0415
        from workflow import checks, keeping  # noqa: F401, PLC0415

        keepers.register(keeping.kept)
