"""From the command line of a container to a running service: what keeps it from starting is said in one line."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from warta_shared.delivery.address import InvalidRedisUrl
from warta_shared.service import Service
from warta_shared.settings import WRONG_SETTINGS, ServiceSettings, problems_of
from warta_shared.telemetry.logs import configure_logs
from warta_shared.telemetry.tracing import MissingExtra, open_tracer, tracer, use

log = logging.getLogger(__name__)

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
PROBLEM, USAGE = 1, 2


def launch(name: str, settings_type: type[SettingsT], build: Callable[[SettingsT], Service]) -> int:
    """Read the settings, build the service, serve; the exit code: 2 for wrong settings, 1 for other failures."""
    configure_logs(name, "INFO")
    try:
        settings = settings_type()
        use(open_tracer(name, settings.otlp_endpoint))
        return build(settings).run()
    except WRONG_SETTINGS as error:
        problems = problems_of(error)
    except (InvalidRedisUrl, MissingExtra) as error:
        problems = [str(error)]
    except OSError as error:  # a full disk, a table that cannot be read: not a matter of the settings' form
        log.critical("not-started", extra={"problems": [str(error)]})
        return PROBLEM
    finally:
        tracer().close()
    log.critical("wrong-settings", extra={"problems": problems})
    return USAGE
