"""Every documented limit of a Cloud API message, at the limit and one beyond it."""

from typing import Any

import pytest

from tests.unit.pipewise.sandbox.world import NUMBER, WHATSAPP, Json, Sandbox


def text(body: str = "Hello") -> Json:
    return {"type": "text", "text": {"body": body}}


def interactive(kind: str, action: Json, **more: Any) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "Choose"}, "action": action, **more}}


def button(key: str = "a", title: str = "Yes") -> Json:
    return {"type": "reply", "reply": {"id": key, "title": title}}


def buttons(*made: Json, **more: Any) -> Json:
    return interactive("button", {"buttons": list(made) or [button()]}, **more)


def rows(number: int, prefix: str = "r") -> list[Json]:
    return [{"id": f"{prefix}{index}", "title": f"Row {index}"} for index in range(number)]


def listing(sections: list[Json], label: str = "Times", **more: Any) -> Json:
    return interactive("list", {"button": label, "sections": sections}, **more)


def one_row(**changes: Any) -> Json:
    return listing([{"title": "Monday", "rows": [{"id": "a", "title": "09:00", **changes}]}])


def cta(display_text: str = "Open", url: str = "https://calendly.com/d/abc/call") -> Json:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": display_text, "url": url}})


ACCEPTED = {
    "text at the limit": text("x" * 4096),
    "three buttons": buttons(button("a", "One"), button("b", "Two"), button("c", "Three")),
    "button at its limits": buttons(button("i" * 256, "t" * 20)),
    "button body, footer and header": buttons(
        body={"text": "x" * 1024}, footer={"text": "f" * 60}, header={"type": "text", "text": "h" * 60}
    ),
    "image header": buttons(header={"type": "image", "image": {"link": "https://business.example/a.png"}}),
    "ten rows in two sections": listing([{"title": "A", "rows": rows(5)}, {"title": "B", "rows": rows(5, "s")}]),
    "one section without title": listing([{"rows": rows(1)}]),
    "row at its limits": one_row(id="i" * 200, title="t" * 24, description="d" * 72),
    "list body": listing([{"rows": rows(1)}], body={"text": "x" * 4096}),
    "link": cta("d" * 20),
    "contact request": interactive("contact_request", {"name": "request_contact_info"}),
    "location": {"type": "location", "location": {"latitude": 38.7, "longitude": "-9.1"}},
    "contacts": {"type": "contacts", "contacts": [{"name": {"formatted_name": "Inês"}}]},
    "image by link": {"type": "image", "image": {"link": "https://business.example/a.png", "caption": "Us"}},
    "reply": {**text(), "context": {"message_id": "wamid.any"}},
    "callback data": {**text(), "biz_opaque_callback_data": "x" * 512},
    "group sign": {**text(), "recipient_type": "individual"},
}


@pytest.mark.parametrize("message", ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_what_is_within_the_limits_is_accepted(sandbox: Sandbox, message: Json) -> None:
    await sandbox.write()
    answer = await sandbox.send(**message)
    assert answer.status_code == 200, answer.text
    assert len(await sandbox.ledger("send")) == 1


REFUSED = {
    "no product": ({**text(), "messaging_product": "sms"}, 100),
    "group": ({**text(), "recipient_type": "group"}, 100),
    "unknown type": ({"type": "poll", "poll": {}}, 100),
    "part missing": ({"type": "text"}, 131008),
    "part is no object": ({"type": "text", "text": "Hello"}, 100),
    "text too long": (text("x" * 4097), 100),
    "text empty": (text(""), 131008),
    "text blank": (text("  "), 131009),
    "text is a number": ({"type": "text", "text": {"body": 5}}, 131009),
    "preview is no boolean": ({"type": "text", "text": {"body": "a", "preview_url": "yes"}}, 131009),
    "callback data too long": ({**text(), "biz_opaque_callback_data": "x" * 513}, 100),
    "context without id": ({**text(), "context": {}}, 131008),
    "four buttons": (buttons(*(button(str(n), f"Button {n}") for n in range(4))), 131009),
    "same title twice": (buttons(button("a", "Yes"), button("b", "Yes")), 131009),
    "same id twice": (buttons(button("a", "Yes"), button("a", "No")), 131009),
    "button title too long": (buttons(button("a", "t" * 21)), 100),
    "button id too long": (buttons(button("i" * 257)), 100),
    "button of another type": (buttons({"type": "url", "reply": {"id": "a", "title": "b"}}), 131009),
    "no buttons": (interactive("button", {"buttons": []}), 131008),
    "button body too long": (buttons(body={"text": "x" * 1025}), 100),
    "no body": (buttons(body=None), 131008),
    "footer too long": (buttons(footer={"text": "f" * 61}), 100),
    "header too long": (buttons(header={"type": "text", "text": "h" * 61}), 100),
    "audio header": (buttons(header={"type": "audio", "audio": {"id": "1"}}), 131009),
    "interactive without type": ({"type": "interactive", "interactive": {"body": {"text": "a"}}}, 131008),
    "unknown interactive": (interactive("carousel", {}), 131009),
    "eleven rows": (listing([{"title": "A", "rows": rows(6)}, {"title": "B", "rows": rows(5, "s")}]), 131009),
    "eleven sections": (listing([{"title": str(n), "rows": rows(1, f"{n}.")} for n in range(11)]), 131009),
    "sections without titles": (listing([{"rows": rows(1)}, {"rows": rows(1, "s")}]), 131008),
    "same row id twice": (listing([{"rows": [*rows(1), *rows(1)]}]), 131009),
    "section without rows": (listing([{"title": "A", "rows": []}]), 131008),
    "section title too long": (listing([{"title": "t" * 25, "rows": rows(1)}]), 100),
    "row id too long": (one_row(id="i" * 201), 100),
    "row title too long": (one_row(title="t" * 25), 100),
    "row description too long": (one_row(description="d" * 73), 100),
    "list label too long": (listing([{"rows": rows(1)}], label="l" * 21), 100),
    "list body too long": (listing([{"rows": rows(1)}], body={"text": "x" * 4097}), 100),
    "image header on a list": (listing([{"rows": rows(1)}], header={"type": "image", "image": {"id": "1"}}), 131009),
    "link label too long": (cta("d" * 21), 100),
    "link is no address": (cta(url="calendly.com/abc"), 131009),
    "link action misnamed": (interactive("cta_url", {"name": "open"}), 131009),
    "contact request misnamed": (interactive("contact_request", {"name": "ask"}), 131009),
    "location out of this world": ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, 131009),
    "half a location": ({"type": "location", "location": {"latitude": 1}}, 131008),
    "contact without name": ({"type": "contacts", "contacts": [{}]}, 131008),
    "media without source": ({"type": "image", "image": {"caption": "Us"}}, 131008),
    "media id never uploaded": ({"type": "image", "image": {"id": "123"}}, 131009),
    "reaction to nothing": ({"type": "reaction", "reaction": {"message_id": "wamid.none", "emoji": "👍"}}, 131009),
    "reaction without emoji": ({"type": "reaction", "reaction": {"message_id": "wamid.none"}}, 131008),
}


@pytest.mark.parametrize(("message", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_beyond_them_is_refused_by_code(sandbox: Sandbox, message: Json, code: int) -> None:
    await sandbox.write()
    answer = await sandbox.send(**message)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["type"]) == (code, "OAuthException")
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert await sandbox.ledger("send") == []


async def test_a_body_that_is_no_object_is_refused(sandbox: Sandbox) -> None:
    answer = await sandbox.http.post(NUMBER + "/messages", headers=WHATSAPP, content=b"[]")
    assert answer.json()["error"]["code"] == 100


def template(name: str = "reminder", language: str = "en_US", parameters: list[Json] | None = None) -> Json:
    two: list[Json] = [{"type": "text", "text": "Rui"}, {"type": "text", "text": "Monday 10:00"}]
    components = [{"type": "body", "parameters": two if parameters is None else parameters}]
    return {"type": "template", "template": {"name": name, "language": {"code": language}, "components": components}}


async def test_an_approved_template_goes_out_without_a_window(sandbox: Sandbox) -> None:
    answer = await sandbox.send(**template())
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    [entry] = await sandbox.ledger("send")
    assert entry["detail"]["content"]["rendered"] == (
        "Hi Rui, a reminder of your meeting on Monday 10:00. Reply here to change it."
    )


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        (template("never_made"), 404, 132001),
        (template("reminder", "de"), 404, 132001),
        (template("paused_offer"), 400, 132015),
        (template("disabled_offer"), 400, 132016),
        (template(parameters=[]), 400, 132000),
        (template(parameters=[{"type": "text", "text": "Rui"}, {"type": "currency"}]), 400, 132012),
        (template(parameters=[{"type": "text", "text": "a", "parameter_name": "x"}] * 2), 400, 132012),
        ({"type": "template", "template": {"language": {"code": "en_US"}}}, 400, 131008),
        ({"type": "template", "template": {"name": "reminder"}}, 400, 131008),
        ({"type": "template"}, 400, 131008),
    ],
)
async def test_templates_must_exist_be_approved_and_fit(
    sandbox: Sandbox, message: Json, status: int, code: int
) -> None:
    answer = await sandbox.send(**message)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_a_new_template_waits_for_review_and_then_uses_named_parameters(sandbox: Sandbox) -> None:
    path = "/v25.0/200000000000001/message_templates"
    body = [{"type": "BODY", "text": "Hi {{first_name}}, welcome."}]
    request = {
        "name": "welcome",
        "language": "en_US",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": body,
    }
    made = await sandbox.http.post(path, headers=WHATSAPP, json=request)
    assert made.json()["status"] == "PENDING"
    named = template("welcome", parameters=[{"type": "text", "parameter_name": "first_name", "text": "Rui"}])
    assert (await sandbox.send(**named)).json()["error"]["code"] == 132001
    await sandbox.http.post("/_sandbox/whatsapp/templates", json={"name": "welcome", "status": "APPROVED"})
    assert (await sandbox.send(**named)).status_code == 200
    unnamed = template("welcome", parameters=[{"type": "text", "text": "Rui"}])
    assert (await sandbox.send(**unnamed)).json()["error"]["code"] == 132012
    again = await sandbox.http.post(path, headers=WHATSAPP, json=request)
    assert again.json()["error"]["code"] == 100
    for change in ({"name": "Welcome!"}, {"category": "NEWS"}, {"components": [{"type": "FOOTER"}]}):
        refused = await sandbox.http.post(path, headers=WHATSAPP, json={**request, **change})
        assert refused.json()["error"]["code"] == 131009
    assert (await sandbox.http.delete(path, headers=WHATSAPP, params={"name": "welcome"})).json() == {"success": True}
    assert (await sandbox.send(**named)).json()["error"]["code"] == 132001
