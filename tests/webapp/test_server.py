"""The server: its settings from flags and environment, its answers' headers, its end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from pipeline import redis_link
from pipeline.errors import SettingError
from pipeline.parameters import parameters
from pipeline.redis_link import RedisLostError
from tests.webapp.tab import Tab
from webapp import bootstrap, launcher, server, start, workforce
from webapp.server import create_app, once_a_page_is_answered
from webapp.settings import Server, default_of, settings_from, variable
from webapp.workspace import Workspace

ROOT = Path(__file__).parents[2]
HEAVY = ("pandas", "duckdb", "scipy", "sklearn", "lifetimes", "fastcluster", "pyarrow", "xlsxwriter", "python_calamine")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    return create_app(Server(data_dir=str(tmp_path_factory.mktemp("data")))).server.test_client()


def test_a_flag_counts_more_than_the_environment_and_that_more_than_the_default():
    assert settings_from([], {}).port == 8050
    assert settings_from([], {"PORT": "9000"}).port == 9000
    assert settings_from(["--port", "9100"], {"PORT": "9000"}).port == 9100


@pytest.mark.parametrize("parameter", parameters(Server), ids=lambda parameter: parameter.name)
def test_every_setting_has_a_flag_and_a_variable(parameter):
    typed = str(parameter.default)
    assert settings_from([parameter.flag, typed], {}) == Server()
    assert settings_from([], {variable(parameter): typed}) == Server()


def test_a_worker_needs_a_redis_and_is_asked_for_by_its_flag_alone():
    with pytest.raises(SettingError, match="REDIS_URL"):
        settings_from(["--worker"], {})
    assert settings_from(["--worker"], {"REDIS_URL": "redis://here/0"}).worker
    assert settings_from([], {"REDIS_URL": "redis://here/0", "WORKER": "true"}).worker


def test_a_value_that_is_not_allowed_names_the_setting_and_what_is_allowed():
    with pytest.raises(SettingError, match=r"Port .* must be a whole number from 0 to 65,535"):
        settings_from(["--port", "high"], {})


@pytest.mark.parametrize("name", bootstrap.STYLES)
def test_bootstrap_comes_from_the_installed_package(browser, name):
    answer = browser.get(f"{bootstrap.address()}/{name}", buffered=True)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/css")
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["../../../__init__.py", "%2e%2e/%2e%2e/__init__.py", "nothing.css"])
def test_nothing_beside_bootstrap_is_served_from_its_package(browser, path):
    assert "def" not in browser.get(f"{bootstrap.address()}/{path}").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/model", "/explore", "/?data=../../etc&recipe=%00", "/no/such/page"])
def test_a_page_asks_for_nothing_from_anywhere_else(browser, path):
    page = browser.get(path).get_data(as_text=True)
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert '<html lang="en"' in page


def test_a_page_allows_only_scripts_of_the_app_itself(browser):
    answer = browser.get("/")
    policy = answer.headers["Content-Security-Policy"]
    scripts = re.search(r"script-src ([^;]*)", policy).group(1)
    assert "unsafe-inline" not in scripts
    assert "sha256-" in scripts
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", ["gzip", "br"])
@pytest.mark.parametrize(
    "path", [f"{bootstrap.address()}/css/bootstrap.min.css", "/assets/studio.css", "/_dash-layout"]
)
def test_answers_are_compressed_for_browsers_that_ask_for_it(browser, path, asked):
    answer = browser.get(path, headers={"Accept-Encoding": asked}, buffered=True)
    assert answer.headers["Content-Encoding"] == asked


@pytest.mark.parametrize("asked", ["gzip", "br", "identity"])
def test_the_file_an_answer_is_made_of_is_closed_with_it(browser, asked):
    address = f"{bootstrap.address()}/css/bootstrap.min.css"
    with browser.get(address, headers={"Accept-Encoding": asked}) as answer:
        assert answer.get_data()
    assert "bootstrap.min.css" not in [Path(file.path).name for file in psutil.Process().open_files()]


def test_the_page_server_loads_no_heavy_library_before_its_first_page_is_answered(tmp_path):
    program = f"""
import sys
from tests.webapp.tab import Tab
from webapp.server import Server, create_app
def loaded():
    return [name for name in {HEAVY!r} if name in sys.modules]
app = create_app(Server(data_dir={str(tmp_path)!r}))
print(loaded())
tab = Tab(app)
answer = tab.post("_pages_content.children", [("_pages_location.pathname", "/"), ("_pages_location.search", "")])
assert "Try it with sample data" in answer.get_data(as_text=True)
print(loaded())
"""
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.splitlines() == ["[]", "[]"]


def test_what_takes_long_to_load_waits_for_the_first_answer_and_is_loaded_once(tmp_path):
    app = create_app(Server(data_dir=str(tmp_path)))
    loaded = []
    once_a_page_is_answered(app.server, lambda: loaded.append("libraries"))
    tab = Tab(app)
    assert loaded == []
    for _ in range(2):
        inputs = [("_pages_location.pathname", "/"), ("_pages_location.search", "")]
        with tab.post("_pages_content.children", inputs) as answer:
            assert answer.status_code == 200
        assert loaded == ["libraries"]


def test_libraries_of_runs_begin_to_load_before_those_of_pages():
    program = """
import sys
from webapp import launcher, start
def begin(preload):
    print([name for name in ("dash", "flask", "numpy") if name in sys.modules])
    sys.exit()
launcher.begin_loading = begin
start.main([], print)
"""
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout == "[]\n"


@pytest.mark.parametrize(
    ("flags", "loaded"),
    [
        ([], [launcher.PRELOAD]),
        (["--redis-url", "redis://here/0"], []),
        (["--redis-url", "redis://here/0", "--worker"], [launcher.PRELOAD]),
    ],
)
def test_libraries_of_runs_are_loaded_where_runs_are(monkeypatch, flags, loaded):
    begun, went_on = [], []
    monkeypatch.setattr(redis_link, "check", lambda _: None)
    monkeypatch.setattr(launcher, "begin_loading", begun.append)
    monkeypatch.setattr(server, "run", lambda *_: went_on.append("server") or 0)
    monkeypatch.setattr(workforce, "work", lambda *_: went_on.append("worker"))
    assert start.main(flags, print) == 0
    assert went_on == ["worker" if "--worker" in flags else "server"]
    assert begun == loaded


def test_two_apps_in_one_process_have_all_their_callbacks(tmp_path):
    first, second = (create_app(Server(data_dir=str(tmp_path / name))) for name in ("one", "other"))
    counts = [len(app.server.test_client().get("/_dash-dependencies").get_json()) for app in (first, second)]
    assert counts[0] == counts[1] > 10


def serve(tmp_path, *flags):
    command = [sys.executable, "app.py", "--data-dir", str(tmp_path / "data"), *flags]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_server_says_where_it_is_and_ends_at_once_when_told_to(tmp_path, ending):
    with serve(tmp_path, "--port", "0") as server:
        address = re.fullmatch(r"Segment Studio is at (http://127\.0\.0\.1:\d+)\n", server.stdout.readline()).group(1)
        assert "Ctrl-C" in server.stdout.readline()
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
        began = time.monotonic()
        server.send_signal(ending)
        assert server.wait(10) == 0
        assert time.monotonic() - began < 5
        assert server.stderr.read() == ""
        with socket.socket() as port_is_free_again:
            port_is_free_again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            port_is_free_again.bind(("127.0.0.1", int(address.rsplit(":", 1)[1])))


def test_a_port_in_use_is_one_sentence_and_exit_code_2(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serve(tmp_path, "--port", str(port)) as server:
            output, errors = server.communicate(timeout=30)
    assert server.returncode == 2
    assert output == (
        f"Segment Studio cannot listen on 127.0.0.1 port {port}: another program uses this port; "
        "stop it, or choose a port with --port 8051.\n"
    )
    assert errors == ""


def test_a_setting_that_is_not_allowed_is_one_sentence_and_exit_code_2(tmp_path):
    with serve(tmp_path, "--threads", "many") as server:
        output, _ = server.communicate(timeout=30)
    assert server.returncode == 2
    assert output.count("\n") == 1
    assert "Threads (server.threads) must be a whole number from 2 to 64" in output


@pytest.mark.parametrize("role", [["--port", "0"], ["--worker"]])
def test_a_redis_that_does_not_answer_is_one_sentence_and_exit_code_2(tmp_path, role):
    with serve(tmp_path, "--redis-url", "redis://:secret@127.0.0.1:1/0", *role) as server:
        output, errors = server.communicate(timeout=60)
    assert server.returncode == 2
    assert output.startswith("Segment Studio cannot start: Redis at 127.0.0.1:1 does not answer (")
    assert output.endswith("; start it, or mend REDIS_URL.\n")
    assert output.count("\n") == 1
    assert "secret" not in output
    assert errors == ""


def test_without_a_redis_nothing_of_it_is_loaded(tmp_path):
    program = f"""
import sys
from webapp.server import create_app
from webapp.settings import Server
create_app(Server(data_dir={str(tmp_path)!r}))
print([name for name in ("celery", "kombu", "redis") if name in sys.modules])
"""
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


def test_a_data_directory_that_cannot_be_made_is_one_sentence_and_exit_code_2(tmp_path):
    (tmp_path / "data").write_text("a file")
    with serve(tmp_path, "--port", "0") as server:
        output, _ = server.communicate(timeout=30)
    assert server.returncode == 2
    assert output == (
        f"Segment Studio cannot keep anything in {tmp_path / 'data'}: that is a file or lies in one; "
        "name a folder with --data-dir.\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_this_machine_has_not_is_one_sentence_and_exit_code_2(tmp_path, host):
    with serve(tmp_path, "--port", "0", "--host", host) as server:
        output, _ = server.communicate(timeout=30)
    assert server.returncode == 2
    assert output == (
        f"Segment Studio cannot listen on {host} port 0: this machine has no such address; "
        "choose --host 127.0.0.1 (this machine only) or 0.0.0.0 (all networks).\n"
    )


def test_the_help_shows_every_flag_with_its_variable_and_its_default(capsys):
    with pytest.raises(SystemExit, match="0"):
        settings_from(["--help"], {})
    shown = " ".join(capsys.readouterr().out.split("options:")[1].split())
    for parameter in parameters(Server):
        words = rf"{parameter.flag} \[?{parameter.kind.upper()}\]? {re.escape(parameter.label)}[^(.]*\. "
        words += re.escape(parameter.help)
        assert re.search(rf"{words} \(default {default_of(parameter)}; variable {variable(parameter)}\)", shown)


def test_an_address_without_a_page_says_so_and_leads_home(tmp_path):
    app = create_app(Server(data_dir=str(tmp_path)))
    tab = Tab(app)
    inputs = [("_pages_location.pathname", "/nope"), ("_pages_location.search", "?x=1")]
    answer = tab.post("_pages_content.children", inputs).get_json()
    written = json.dumps(answer["response"]["_pages_content"])
    assert "There is no page at this address" in written
    assert '"href": "/"' in written


@pytest.mark.parametrize(
    ("address", "status"),
    [("/", 200), ("/model", 200), ("/explore?k=3", 200), ("/model/", 200), ("/nope", 404), ("/model/nope", 404)],
)
def test_the_status_tells_programs_whether_there_is_a_page(tmp_path, address, status):
    answer = create_app(Server(data_dir=str(tmp_path))).server.test_client().get(address)
    assert answer.status_code == status
    assert "_dash-renderer" in answer.get_data(as_text=True)


def test_a_page_whose_data_cannot_be_had_says_why_in_its_place(tmp_path, monkeypatch):
    def away(_):
        raise RedisLostError("Redis at here:6379 does not answer as it should.")

    monkeypatch.setattr(Workspace, "datasets", away)
    tab = Tab(create_app(Server(data_dir=str(tmp_path))))
    inputs = [("_pages_location.pathname", "/"), ("_pages_location.search", "")]
    written = json.dumps(tab.post("_pages_content.children", inputs).get_json()["response"]["_pages_content"])
    assert "Redis at here:6379 does not answer as it should." in written
    assert "Try again" in written


def test_importing_the_starter_starts_nothing():
    finished = subprocess.run(
        [sys.executable, "-c", "import sys, app; print([name for name in ('dash', 'webapp') if name in sys.modules])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert finished.stdout.strip() == "[]"


@pytest.mark.parametrize("parameter", parameters(Server), ids=lambda parameter: parameter.name)
def test_the_readme_shows_every_setting_of_the_server_as_it_is_declared(parameter):
    words = f"{parameter.label}. {parameter.help}"
    row = (
        f"| `{parameter.flag}` | `{variable(parameter)}` | {words} | {parameter.allowed()} | {default_of(parameter)} |"
    )
    assert row in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
