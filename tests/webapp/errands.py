"""Small jobs for the tests of the job manager: importable by name, as every job must be."""

import os
import time
from pathlib import Path


def add(set_progress, one, other):
    set_progress({"share": 0.5})
    return {"sum": one + other, "pid": os.getpid()}


def count_runs(set_progress, path):
    with Path(path).open("a") as stream:
        stream.write("run\n")
    return len(Path(path).read_text().splitlines())


def end_the_second_time(set_progress, path):
    runs = count_runs(set_progress, path)
    if runs == 1:
        set_progress({"pid": os.getpid()})
        time.sleep(300)
    return runs


def sleep(set_progress, seconds, name=""):
    set_progress({"share": 0.1, "pid": os.getpid(), "name": name})
    time.sleep(seconds)
    return "slept"


def return_a_set(set_progress):
    return {1, 2}


def return_not_a_number(set_progress):
    return float("nan")


def fail_with_a_sentence(set_progress):
    from pipeline.errors import PipelineError

    raise PipelineError("The file has no heading called Price; name it in the settings.")


def fail_unexpectedly(set_progress):
    raise ZeroDivisionError("a secret of the machine")


def die(set_progress):
    os.kill(os.getpid(), 9)


def kmeans(set_progress, seed):
    import numpy as np
    from sklearn.cluster import KMeans

    points = np.random.default_rng(seed).normal(size=(3000, 5))
    return float(KMeans(4, n_init=2, random_state=seed).fit(points).inertia_)


def working_directory_of_the_app(set_progress):
    return os.environ["DATA_DIR"]


def explain(state, sentence, reference, arguments):
    return {"state": state, "sentence": sentence, "reference": reference, "arguments": list(arguments)}


def deliver(output):
    return {"outcome": {"data": output}}
