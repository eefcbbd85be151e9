"""Where an app's secret becomes a token. No token is needed to ask for one."""

from __future__ import annotations

import hmac

from sandbox.platform import Platform
from sandbox.refusal import Json, Refusal


def issue(platform: Platform, body: Json) -> Json:
    """Return a tenant_access_token: its fields stand at the top, not in ``data``."""
    app = platform.tenant.apps.get(str(body.get("app_id")))
    if app is None:
        raise Refusal(10003)
    given = str(body.get("app_secret", ""))
    if not hmac.compare_digest(given.encode(), app.secret.encode()):
        raise Refusal(platform.switches.wrong_secret_code)
    text, left = platform.tokens.issue(
        app, now=platform.now(), life=platform.switches.token_life
    )
    return {"code": 0, "msg": "ok", "tenant_access_token": text, "expire": left}
