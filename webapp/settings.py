"""The settings of the server, from flags and the environment."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import engine
from pipeline.errors import SettingError
from pipeline.parameters import Parameter, Step, Value, choice, integer, parameters, text, toggle

UNITS = {"min": "minutes", "s": "seconds"}


@dataclass(frozen=True)
class Server(Step):
    """How the app is served. Each setting is a flag, `--max-upload-mb`, and a variable, `MAX_UPLOAD_MB`."""

    NAME = "server"
    TITLE = "Server"
    HELP = "How the web app is served."

    host: str = text(
        "127.0.0.1",
        flag="--host",
        label="Address to listen on",
        help="127.0.0.1 is this machine only; 0.0.0.0 is every network it is on.",
    )
    port: int = integer(
        8050, low=0, high=65535, flag="--port", label="Port", help="Where the app is reached; 0 takes a free one."
    )
    data_dir: str = text(
        "data",
        flag="--data-dir",
        label="Data directory",
        help="Uploads, recipes and results are kept here; a restart loses nothing.",
    )
    threads: int = integer(
        8, low=2, high=64, flag="--threads", label="Threads", help="Requests that are answered at the same time."
    )
    max_upload_mb: int = integer(
        4096, low=1, high=1_000_000, flag="--max-upload-mb", label="Largest upload", help="Of one file.", unit="MB"
    )
    disk_limit_gb: int = integer(
        50,
        low=1,
        high=1_000_000,
        flag="--disk-limit-gb",
        label="Disk limit",
        help="For uploads and results together; results that were not used for longest give way to uploads.",
        unit="GB",
    )
    runs_at_once: int = integer(
        2,
        low=1,
        high=64,
        flag="--runs-at-once",
        label="Runs at once",
        help="Further runs wait for their turn, so that memory is enough for each.",
    )
    memory_mb: int = integer(
        0,
        low=0,
        high=1_000_000,
        flag="--memory-mb",
        label="Memory for the tables of a run",
        help=f"What does not fit goes to disk. 0 is {engine.SHARE_OF_MEMORY} of the machine.",
        unit="MB",
    )
    engine: str = choice(
        engine.DUCKDB,
        options={engine.DUCKDB: "DuckDB, on this machine", engine.SPARK: "Spark, here or on a cluster"},
        flag="--engine",
        label="Engine",
        help="What turns transactions into customers. Spark needs `requirements-spark.txt` and Java.",
    )
    run_minutes: int = integer(
        60, low=1, high=1440, flag="--run-minutes", label="Time limit of a run", help="Then it is stopped.", unit="min"
    )
    orphan_seconds: int = integer(
        180,
        low=2,
        high=86_400,
        flag="--orphan-seconds",
        label="Patience with closed pages",
        help="A run that no open page asks for is stopped after this time; a hidden page asks once a minute.",
        unit="s",
    )
    redis_url: str = text(
        "",
        flag="--redis-url",
        label="Redis",
        help="Where several servers share a Redis and the data directory; runs are then left to workers.",
    )
    worker: bool = toggle(
        False, flag="--worker", label="Worker", help="Take runs from the servers of this Redis, and serve no pages."
    )


def settings_from(arguments: Sequence[str], environment: Mapping[str, str]) -> Server:
    """The settings: a flag counts most, then the environment's variable, then the default.

    Raises
    ------
    SettingError
        If a value is not allowed.
    """
    parser = argparse.ArgumentParser(
        prog="python app.py", description="Serve Segment Studio, the web app, until Ctrl-C."
    )
    for parameter in parameters(Server):
        alone: dict[str, Any] = {"nargs": "?", "const": "true"} if parameter.kind == "toggle" else {}
        parser.add_argument(
            parameter.flag, metavar=parameter.kind.upper(), help=_help(parameter), dest=parameter.name, **alone
        )
    given = {name: typed for name, typed in vars(parser.parse_args(arguments)).items() if typed is not None}
    chosen: dict[str, Value] = {}
    for parameter in parameters(Server):
        typed = given.get(parameter.name) or environment.get(variable(parameter))
        if typed:
            chosen[parameter.name] = parameter.parse(typed)
    settings = Server.from_json(chosen)
    if settings.worker and not settings.redis_url:
        raise SettingError("A worker takes runs from a Redis; name it in the variable REDIS_URL, or with --redis-url.")
    engine.memory_limit(str(settings.memory_mb))
    return settings


def variable(parameter: Parameter) -> str:
    """The environment's variable of a setting: `MAX_UPLOAD_MB`."""
    return parameter.name.upper()


def default_of(parameter: Parameter) -> str:
    """The default in words."""
    return "none" if parameter.default == "" else str(parameter.default)


def _help(parameter: Parameter) -> str:
    unit = f" in {UNITS.get(parameter.unit, parameter.unit)}" if parameter.unit else ""
    default = f"default {default_of(parameter)}; variable {variable(parameter)}"
    return f"{parameter.label}{unit}. {parameter.help} ({default})".replace("%", "%%")
