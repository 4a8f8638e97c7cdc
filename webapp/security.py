"""What every answer tells the browser not to allow: foreign scripts, frames on other sites, guessed types."""

from __future__ import annotations

import dash
from flask import Response

POLICY = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # components set styles on elements
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: dash.Dash) -> None:
    """Add the headers to every answer of the app."""

    def guarded(response: Response) -> Response:
        response.headers.update(HEADERS)
        if response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = policy(app)
        return response

    app.server.after_request(guarded)


def policy(app: dash.Dash) -> str:
    """The content security policy: own scripts, and of the inline ones those that Dash wrote itself.

    WebGL charts compile their drawing code while they run, hence `unsafe-eval`.
    """
    scripts = " ".join(["'self'", "'unsafe-eval'", *app.csp_hashes()])
    return "; ".join([f"script-src {scripts}", *(f"{name} {allowed}" for name, allowed in POLICY.items())])
