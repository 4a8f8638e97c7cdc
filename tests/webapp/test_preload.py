"""What every job is forked from loads its libraries for as long as there is a server, and in the shortest time."""

import gc
import importlib
import os
import runpy
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.fixture
def loaded(monkeypatch):
    """What is loaded, by name, with whether garbage was collected meanwhile."""
    seen = {}
    monkeypatch.setattr(importlib, "import_module", lambda name: seen.update({name: gc.isenabled()}))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    yield seen
    gc.unfreeze()
    gc.enable()


def test_no_garbage_is_looked_for_while_libraries_are_loaded_nor_in_them_later(loaded):
    library = [["an object"]]
    kept = runpy.run_module("webapp.preload")
    assert loaded == dict.fromkeys(kept["LIBRARIES"], False)
    assert gc.isenabled()
    assert not any(each is library for each in gc.get_objects())


def test_libraries_are_loaded_no_further_when_the_server_has_ended(loaded, monkeypatch):
    parents = iter([7, 7, 7, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    with pytest.raises(SystemExit):
        runpy.run_module("webapp.preload")
    assert len(loaded) == 2


def test_a_process_that_has_loaded_everything_ends_without_a_word():
    command = [sys.executable, "-c", "import webapp.preload"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (finished.stdout, finished.stderr) == ("", "")
