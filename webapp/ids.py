"""The ids that more than one module speaks of: a page reads and writes the shell only through these."""

ADDRESS = "_pages_location"
"""Dash Pages' own `dcc.Location`: `pathname` and `search` of the page that is shown."""

NEEDS = "needs"
"""A Store in a page's layout: `{"data": id, "recipe": id, "until": stage}`; the shell sees to it at once."""

RUN_REQUEST = "run-request"
"""Store: set its `data` like `NEEDS` to ask for a run (a button's callback, `allow_duplicate=True`)."""

RUN_STATUS = "run-status"
"""Store: `{"state", "data", "recipe", "until", "sentence", "reference", "nonce", "sample"}`; `None` at first.

`state` is "working", "done", "failed" or "cancelled".
"""

RUN_WANTED = "run-wanted"
RUN_JOB = "run-job"
RUN_RESULT = "run-result"
RUN_PROGRESS = "run-progress"
RUN_CANCEL = "run-cancel"
RUN_AGAIN = "run-again"
RUN_DISMISS = "run-dismiss"
RUN_STRIP = "run-strip"
RUN_STAGE = "run-stage"
RUN_SENTENCE = "run-sentence"
RUN_ELAPSED = "run-elapsed"
RUN_BAR = "run-bar"
RUN_SPOKEN = "run-spoken"

THEME = "theme"
"""Store: `"light"` or `"dark"`, as shown; an Input for charts that recolour themselves."""

THEME_SWITCH = "theme-switch"
STEPS = "steps"
DATASET_NAME = "dataset-name"
TOAST = "toast"
"""What did not work, at the foot of any page."""

OUTAGE = "outage"
"""Says that the page is behind while the server does not answer."""

NOTICE = "notice"
"""What was done, at the foot of any page: set its `children` and `is_open`. It stays when the page changes."""

CONTENT = "content"

SHOWN_DATA = "dataset-shown"
"""Store on the Data page: `{"data", "recipe", "confirm", "waits"}`, what is shown and under which recipe."""

UPLOADED = "uploaded"
"""Store on the Data page: the browser's upload code puts `{"data": id}` there when a file has arrived."""

MODEL_BASE, MODEL_METHOD, MODEL_K = "model-base", "model-method", "model-k"
"""On the Model page: the store of what the address asks for beside the view, and the controls that all views follow."""

MODEL_NEWS = "model-news"
"""Store on the Model page: whatever is new there has the view that shows drawn again for what the controls hold."""
