"""Each command that docs/operating.md names is run by a test: as it stands there with containers, or as named here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text()
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`((?:docker compose|warta|make|curl) [^`]*)`")
WITH_CONTAINERS = "".join(path.read_text() for path in (ROOT / "tests" / "compose").glob("*.py")).replace(
    '"\n    "', ""
)

FEEDS = "integration/ingest/test_feed_commands.py"
INGEST = "integration/ingest/test_ingest_commands.py"
BACKFILL = "integration/ingest/test_backfill.py"
KEYS = "integration/ingest/test_key_commands.py"
AUDIT = "whole/test_audit.py"
DEAD = "whole/test_dead_letter_commands.py"
DRILL = "whole/test_backup_drill.py"
REINDEX = "integration/index/test_reindex_for_real.py"
SETUP = "integration/index/test_setup_for_real.py"
LOCAL = "integration/local/test_local_stack.py"
LOGS = "whole/test_traces_and_logs.py"
SECRETS = "compose/test_compose_secrets.py"
RE_ENRICH = "whole/test_re_enrich.py"

# The beginning of a command -> the test that runs it, and the words by which it does.
RUN_BY: dict[str, tuple[str, str]] = {
    "docker compose --env-file deploy/demo.env up": ("compose/compose_project.py", '"--env-file", "deploy/demo.env"'),
    "docker compose --profile monitoring up": ("compose/test_compose_monitoring.py", '"--profile", "monitoring", "up"'),
    "docker compose exec grafana": ("compose/test_compose_monitoring.py", "/secrets/admin_password"),
    "docker compose exec ingest warta feeds add": (FEEDS, 'warta("add"'),
    "docker compose restart redis ingest enrich index": (SECRETS, '"restart", "redis", "ingest", "enrich", "index"'),
    "docker compose run --rm secrets --rotate": (SECRETS, '"secrets", "--rotate"'),
    "docker compose run --rm setup --rotate-keys": (SECRETS, '"setup", "--rotate-keys"'),
    "docker compose run --rm admin warta restore latest": ("compose/test_compose_backup.py", '"restore", "latest"'),
    'docker compose run --rm -v "$PWD:/data" operator warta backfill': (BACKFILL, '"--refusals"'),
    "git pull && docker compose build": ("compose/conftest.py", 'project("build")'),
    "make demo": ("whole/test_demo.py", '"demo"'),
    "make evaluate": ("unit/enrich/test_enrich_evaluation.py", "evaluate.py"),
    "docker compose run --rm operator warta": ("compose/compose_project.py", 'service: str = "operator"'),
    "warta audit": (AUDIT, '"audit"'),
    "warta backfill": (BACKFILL, '"backfill"'),
    "warta backup": (DRILL, '"backup"'),
    "warta dead-letters": (DEAD, '"list"'),
    "warta dead-letters replay": (DEAD, '"replay", "--all", "--reason"'),
    "warta dead-letters show": (DEAD, '"show"'),
    "warta doctor": ("whole/test_doctor.py", '"doctor"'),
    "warta enrich": ("unit/enrich/test_enrich_command.py", "app, [str(file)]"),
    "warta feeds add": (FEEDS, 'warta("add"'),
    "warta feeds check": (INGEST, '"check"'),
    "warta feeds discover": (FEEDS, 'warta("discover"'),
    "warta feeds edit": (FEEDS, 'warta("edit"'),
    "warta feeds health": (FEEDS, 'warta("health"'),
    "warta feeds import": (FEEDS, 'warta("import"'),
    "warta feeds list": (FEEDS, 'warta("list"'),
    "warta feeds poll": (FEEDS, 'warta("poll"'),
    "warta feeds remove": (FEEDS, 'warta("remove"'),
    "warta fetch": (INGEST, '"fetch"'),
    "warta keys": (KEYS, '"list"'),
    "warta keys make": (KEYS, '"make"'),
    "warta keys revoke": (KEYS, '"revoke"'),
    "warta local down": (LOCAL, '"down"'),
    "warta local logs": (LOCAL, '"logs"'),
    "warta local status": (LOCAL, '"status"'),
    "warta local up": (LOCAL, '"up", "--detach"'),
    "warta log-level": (LOGS, '"log-level"'),
    "warta logs": (LOGS, '"logs"'),
    "warta push": (INGEST, '"push"'),
    "warta re-enrich": (RE_ENRICH, '"re-enrich"'),
    "warta registry rebuild": (AUDIT, '"rebuild"'),
    "warta reindex": (REINDEX, '"reindex"'),
    "warta reindex abandon": (REINDEX, '["abandon"]'),
    "warta reindex finish": (REINDEX, '["finish", "--delete"]'),
    "warta reindex rollback": (REINDEX, '["rollback"]'),
    "warta reindex status": (REINDEX, '["status"'),
    "warta restore": (DRILL, '"restore"'),
    "warta secrets": ("unit/shared/test_secrets_command.py", '"secrets"'),
    "warta setup": (SETUP, '"--check"'),
    "warta setup --rotate-keys": (SETUP, '"--rotate-keys"'),
    "warta trace": (INGEST, '"trace"'),
    "warta upgrade --check": ("unit/shared/test_upgrade_command.py", '"--check"'),
}  # fmt: skip
# With programs that are not Warta's: Kibana, and curl at the push API (test_push_api.py makes its calls).
ELSEWHERE = ("curl ", "gzip -c ")


def documented() -> list[str]:
    """In the order of the page, without what stands behind a `#`."""
    blocks = [line for block in BLOCK.findall(PAGE) for line in block.splitlines()]
    found = [re.split(r"\s+#", line)[0].strip() for line in blocks]
    found += INLINE.findall(BLOCK.sub("", PAGE))
    return sorted({one for one in found if one and not re.match(r"[A-Z_]+=", one)})


def proof(command: str) -> tuple[str, str]:
    """Of the longest beginning that is named."""
    known = [one for one in RUN_BY if command == one or command.startswith(f"{one} ")]
    return RUN_BY[max(known, key=len)] if known else ("", "")


@pytest.mark.parametrize("command", documented())
def test_a_documented_command_is_run(command: str) -> None:
    if command.startswith(ELSEWHERE) or command in WITH_CONTAINERS.replace("\\", ""):
        return
    file, words = proof(command)
    assert file, f"no test runs it: {command}"
    assert words in (ROOT / "tests" / file).read_text(), f"{file} does not run: {command}"


def test_every_proof_is_of_something_documented() -> None:
    commands = documented()
    unused = [one for one in RUN_BY if not any(c == one or c.startswith(f"{one} ") for c in commands)]
    assert unused == []
