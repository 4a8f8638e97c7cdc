"""What several tests need: the real Online Retail file, where it is at hand."""

import gzip
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.redis_server import RedisServer
from webapp import ahead

settings.register_profile("patient", deadline=None)  # a busy machine is no failure
settings.load_profile("patient")
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def settled_threads() -> Iterator[None]:
    """Nothing is at work in DuckDB or scikit-learn any more when the interpreter ends: it would end with a crash."""
    yield
    for thread in threading.enumerate():
        if thread.name in (ahead.NAME, "imports"):
            thread.join(60)


@pytest.fixture(scope="session")
def online_retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """UCI Online Retail as one CSV (541,909 lines, 48 MB); tests that want it are skipped where it is not at hand."""
    packed = [folder / "shared" / "data" / "online_retail.csv.gz" for folder in ROOT.parents]
    found = next((path for path in packed if path.is_file()), None)
    if found is None:
        pytest.skip("The real file, shared/data/online_retail.csv.gz beside the project, is not at hand.")
    unpacked = tmp_path_factory.mktemp("real") / "online_retail.csv"
    with gzip.open(found) as source, unpacked.open("wb") as target:
        shutil.copyfileobj(source, target)
    return unpacked


@pytest.fixture(scope="session")
def redis_of_all_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(redis_of_all_tests: RedisServer) -> RedisServer:
    """A Redis with nothing in it."""
    redis_of_all_tests.empty()
    return redis_of_all_tests
