"""A form whose fields are named otherwise, mapped in its integration's settings."""

from tests.integration.api.running import Running


async def test_mapped_fields_make_a_lead(api: Running) -> None:
    made = await api.connect("form")
    path = f"/webhooks/form/{made['id']}"
    settings = {"fields": {"email": "your-email", "message": "wish"}}
    changed = await api.call("PATCH", f"/api/integrations/{made['id']}", json={"settings": settings})
    assert changed.json()["settings"] == settings
    good = await api.deliver(path, "form", b'{"your-email": "noor@example.com", "wish": "A demo, please"}')
    assert good.json()["accepted"] == 1
    (lead,) = (await api.get("/api/leads"))["items"]
    assert lead["email"] == "noor@example.com"
    (message,) = (await api.get(f"/api/leads/{lead['id']}/messages"))["items"]
    assert message["text"] == "A demo, please"
    refused = await api.call("PATCH", f"/api/integrations/{made['id']}", json={"settings": {"fields": {"shoe": "x"}}})
    assert refused.status_code == 422
