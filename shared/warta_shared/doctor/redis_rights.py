"""Whether Redis' users may do what this release asks of them: an ACL file of an earlier release lets too little.

Asked by ACL DRYRUN, which runs nothing and needs a whole command: https://redis.io/docs/latest/commands/acl-dryrun/
"""

from __future__ import annotations

from redis.exceptions import NoPermissionError, ResponseError

from warta_shared.delivery.client import Redis
from warta_shared.doctor.finding import Finding, failed, ok, skipped
from warta_shared.secrets.redis_acl import COMMANDS, CONNECT, KEYS

FORBIDDEN = (
    ("flushall",),
    ("config", "set", "a", "b"),
    ("acl", "setuser", "a"),
    ("shutdown",),
    ("debug", "a"),
)
"""What no user of Warta's may ever do."""
READ_ONLY = "%R~"
MEND = "Run `warta secrets DIR` (compose: docker compose run --rm secrets), then restart Redis."


async def rights_findings(redis: Redis) -> list[Finding]:
    """One for each user; skipped where the server, or the rights of this user, do not let us ask."""
    try:
        return [*[await _of_user(redis, user) for user in KEYS], await _of_the_file(redis)]
    except NoPermissionError:
        return [
            skipped("redis users", "this user may not ask: an ACL file of an earlier release? warta secrets")
        ]
    except ResponseError as error:
        if "not found" in str(error):
            return [
                skipped("redis users", "this Redis has none of Warta's: who reaches it may do everything")
            ]
        return [skipped("redis users", f"this server does not tell: {error}"[:200])]


async def _of_user(redis: Redis, user: str) -> Finding:
    lacking = [
        name
        for name, command in [*await commands_of(redis, user), *key_commands_of(user)]
        if not await _may(redis, user, command)
    ]
    excess = [" ".join(command[:2]) for command in FORBIDDEN if await _may(redis, user, command)]
    if not lacking and not excess:
        return ok("redis users", f"{user}: as this release wants it")
    told = [f"{verb} {', '.join(names)}" for verb, names in (("may not", lacking), ("may", excess)) if names]
    return failed("redis users", f"{user} {'; '.join(told)}", MEND)


async def _of_the_file(redis: Redis) -> Finding:
    """Redis reads its append-only file as the user `default`: secrets/redis_acl.py says why that one needs rights."""
    if await _may(redis, "default", ("set", "a", "b")):
        return ok("redis users", "default: may read the append-only file")
    told = "default lacks its rights: a restart of Redis loses what scripts have written"
    return failed("redis users", told, MEND)


async def commands_of(redis: Redis, user: str) -> list[tuple[str, tuple[str, ...]]]:
    """What the ACL of this release lets a user call, by name, each with as many arguments as it takes at least."""
    names = [right.removeprefix("+") for right in f"{CONNECT} {COMMANDS[user]}".split()]
    filler = KEYS[user].split()[0].removeprefix("~").removesuffix("*")
    return [(name, await _whole(redis, name, filler)) for name in names]


def key_commands_of(user: str) -> list[tuple[str, tuple[str, ...]]]:
    """A command on one key of each kind that a user may read or change, by the kind."""
    return [
        (pattern, ("xlen", key) if pattern.startswith(READ_ONLY) else ("xadd", key, "*", "a", "b"))
        for pattern in KEYS[user].split()
        for key in [pattern.partition("~")[2].removesuffix("*")]
    ]


async def _whole(redis: Redis, name: str, filler: str) -> tuple[str, ...]:
    words = tuple(name.split("|"))
    if name == "eval":
        return (*words, "return 1", "0")
    told = await redis.execute_command("COMMAND", "INFO", name)
    (about,) = told.values() if isinstance(told, dict) else told
    arity = int(about["arity"] if isinstance(about, dict) else about[1])
    return words + (filler,) * (abs(arity) - len(words))


async def _may(redis: Redis, user: str, command: tuple[str, ...]) -> bool:
    return bool(await redis.execute_command("ACL", "DRYRUN", user, *command) in (b"OK", "OK"))
