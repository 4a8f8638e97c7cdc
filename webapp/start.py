"""`python app.py`: its settings, then the server or the worker they ask for.

What runs need takes longer to load than the pages, so that begins first, in a process of its own; nothing heavy is
imported here before.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence

from pipeline import redis_link
from pipeline.errors import PipelineError
from webapp import launcher, loading
from webapp.settings import settings_from


def main(arguments: Sequence[str], say: Callable[[str], None]) -> int:
    """Serve until Ctrl-C or SIGTERM; 2 where the settings or the port do not allow it."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        settings = settings_from(arguments, os.environ)
        if settings.redis_url:
            redis_link.check(settings.redis_url)
    except PipelineError as error:
        say(f"Segment Studio cannot start: {error}")
        return 2
    if settings.worker or not settings.redis_url:
        launcher.begin_loading(launcher.PRELOAD)
    if settings.worker:
        from webapp import workforce

        workforce.work(settings, say)
        return 0
    with loading.for_good():
        from webapp import server
    return server.run(settings, say)
