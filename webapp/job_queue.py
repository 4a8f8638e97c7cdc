"""The queue that servers put runs into and workers take them from: Celery over Redis, JSON only.

A message holds no more than a run's key: what is asked, its progress and its output hang on the board.
"""

from __future__ import annotations

from celery import Celery

from pipeline.redis_link import PREFIX

TASK = "segment_studio.run"
NAME = "segment-studio"
BEAT_SECONDS = 0.5
ALIVE_SECONDS = 15.0
"""How long a worker's sign of life is good for; one that is silent for longer is gone."""


def job_queue(url: str) -> Celery:
    """The queue in this Redis."""
    app = Celery(NAME, broker=url, backend=url, set_as_current=False)
    app.conf.update(
        task_default_queue=NAME,
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        result_accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,  # with a prefetch of one a worker holds no more messages than it works on
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"global_keyprefix": PREFIX},
        result_backend_transport_options={"global_keyprefix": PREFIX},
    )
    return app


def begun(key: str, attempt: int) -> str:
    """The note that a worker has taken up a run."""
    return f"begun/{key}/{attempt}"


def alive(key: str) -> str:
    """A worker's sign of life for a run."""
    return f"alive/{key}"
