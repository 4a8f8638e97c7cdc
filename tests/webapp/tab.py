"""A browser's tab without a browser: asks the app's server as Dash's pages do."""

import json
import re
import time

PATIENCE_SECONDS = 60


class Tab:
    """One page load: its callbacks are posted to the server, its background callbacks polled."""

    def __init__(self, app, address="/"):
        self.app, self.browser = app, app.server.test_client()
        page = self.browser.get(address).get_data(as_text=True)
        config = json.loads(re.search(r'id="_dash-config"[^>]*>(.*?)</script>', page, re.S).group(1))
        self.end_id = config["end_id"]

    def post(self, output, inputs, state=(), handles=()):
        """Trigger the callback of this output; inputs and state as ("id.property", value). The server's answer."""
        specification = self._specification(output)
        named = dict([*inputs, *state])
        body = {
            "output": specification["output"],
            "outputs": outputs_of(specification["output"]),
            "inputs": [
                {**one, "value": named.get(f"{one['id']}.{one['property']}")} for one in specification["inputs"]
            ],
            "state": [{**one, "value": named.get(f"{one['id']}.{one['property']}")} for one in specification["state"]],
            "changedPropIds": [name for name, _ in inputs],
        }
        query = [("endId", self.end_id), *handles]
        return self.browser.post("/_dash-update-component", json=body, query_string=query)

    def start(self, output, inputs):
        """Start a background callback; what its polls need."""
        answer = self.post(output, inputs).get_json()
        return [("cacheKey", answer["cacheKey"]), ("job", answer["job"])]

    def poll(self, output, inputs, handles):
        """One poll of a background callback."""
        return self.post(output, [(name, None) for name, _ in inputs], handles=handles).get_json()

    def finish(self, output, inputs, handles):
        """Poll until the callback has answered; all its polls."""
        polls = []
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            polls.append(self.poll(output, inputs, handles))
            if "response" in polls[-1]:
                return polls
            time.sleep(0.05)
        raise TimeoutError("the job has not ended")

    def _specification(self, output):
        specifications = json.loads(self.browser.get("/_dash-dependencies").get_data())
        found = [one for one in specifications if output in re.split(r"\.\.\.|\.\.", one["output"])]
        assert len(found) == 1, f"one callback writes {output}"
        return found[0]


def outputs_of(written):
    """The outputs of a callback in the form in which a page sends them back."""
    single = not written.startswith("..")
    parts = [written] if single else written.strip(".").split("...")
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in parts]
    return outputs[0] if single else outputs
