"""From the command line of a container to a running service: wrong settings are said in one line, exit 2."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from warta_shared.delivery.broker import InvalidRedisUrl
from warta_shared.service import Service
from warta_shared.settings import ServiceSettings
from warta_shared.telemetry.logs import configure_logs

log = logging.getLogger(__name__)

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
WRONG_SETTINGS = 2


def launch(name: str, settings_type: type[SettingsT], build: Callable[[SettingsT], Service]) -> int:
    """Read the settings, build the service, serve; the exit code."""
    configure_logs(name, "INFO")
    try:
        return build(settings_type()).run()
    except ValidationError as error:
        problems = [
            f"{'WARTA_' + '_'.join(map(str, e['loc'])).upper() + ': ' if e['loc'] else ''}{e['msg']}"
            for e in error.errors(include_input=False, include_url=False)
        ]
        log.critical("wrong-settings", extra={"problems": problems})
    except (InvalidRedisUrl, OSError) as error:
        log.critical("wrong-settings", extra={"problems": [str(error)]})
    return WRONG_SETTINGS
