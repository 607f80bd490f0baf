"""Number fields, health, tokens, app subscriptions, templates and media of the Graph API."""

from tests.unit.pipewise.sandbox.world import NUMBER, WHATSAPP, Sandbox

WABA = "/v25.0/200000000000001"
MEDIA_HOST = "https://lookaside.fbsbx.com"


async def test_only_the_asked_fields_come_back(sandbox: Sandbox) -> None:
    query = {"fields": "verified_name,quality_rating,throughput,nonsense"}
    answer = await sandbox.http.get(NUMBER, headers=WHATSAPP, params=query)
    assert answer.json() == {
        "verified_name": "Harbourline",
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "id": "100000000000001",
    }
    plain = await sandbox.http.get(NUMBER, headers=WHATSAPP)
    assert plain.json()["display_phone_number"] == "+351 21 000 1000"


async def test_health_names_every_entity(sandbox: Sandbox) -> None:
    for path in (NUMBER, WABA):
        answer = await sandbox.http.get(path, headers=WHATSAPP, params={"fields": "health_status"})
        health = answer.json()["health_status"]
        assert health["can_send_message"] == "AVAILABLE"
        assert [entity["entity_type"] for entity in health["entities"]] == ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]


async def test_reads_need_a_token_that_knows_the_object(sandbox: Sandbox) -> None:
    assert (await sandbox.http.get(NUMBER)).json()["error"]["code"] == 190
    unknown = await sandbox.http.get("/v25.0/42", headers=WHATSAPP)
    assert unknown.json()["error"]["error_subcode"] == 33
    nowhere = await sandbox.http.get("/v25.0/42/nothing", headers=WHATSAPP)
    assert nowhere.json()["error"]["code"] == 100


async def test_a_token_can_be_examined(sandbox: Sandbox) -> None:
    app_token = {"access_token": "800000000000001|sandbox-whatsapp-app-secret"}
    valid = await sandbox.http.get("/debug_token", params={**app_token, "input_token": "sandbox-whatsapp-token"})
    assert (valid.json()["data"]["is_valid"], valid.json()["data"]["expires_at"]) == (True, 0)
    assert "whatsapp_business_messaging" in valid.json()["data"]["scopes"]
    invalid = await sandbox.http.get("/v25.0/debug_token", params={**app_token, "input_token": "old"})
    assert (invalid.json()["data"]["is_valid"], invalid.json()["data"]["error"]["code"]) == (False, 190)
    refused = await sandbox.http.get("/debug_token", params={"access_token": "x", "input_token": "old"})
    assert refused.status_code == 401


async def test_without_a_subscription_nothing_is_delivered(sandbox: Sandbox) -> None:
    await sandbox.listen()
    path = WABA + "/subscribed_apps"
    assert len((await sandbox.http.get(path, headers=WHATSAPP)).json()["data"]) == 1
    assert (await sandbox.http.delete(path, headers=WHATSAPP)).json() == {"success": True}
    assert (await sandbox.http.get(path, headers=WHATSAPP)).json() == {"data": []}
    assert (await sandbox.write())["delivering"] is False
    assert (await sandbox.http.post(path, headers=WHATSAPP)).json() == {"success": True}
    assert (await sandbox.write())["delivering"] is True
    assert (await sandbox.http.get("/v25.0/77/subscribed_apps", headers=WHATSAPP)).status_code == 400


async def test_a_subscription_may_override_the_callback(sandbox: Sandbox) -> None:
    path = WABA + "/subscribed_apps"
    override = {"override_callback_uri": "https://receiver.example/other", "verify_token": "v"}
    assert (await sandbox.http.post(path, headers=WHATSAPP, json=override)).json() == {"success": True}
    await sandbox.write()
    await sandbox.settle()
    assert str(sandbox.receiver.requests[0].url) == "https://receiver.example/other"
    del override["verify_token"]
    assert (await sandbox.http.post(path, headers=WHATSAPP, json=override)).json()["error"]["code"] == 131008


async def test_templates_are_listed_in_pages(sandbox: Sandbox) -> None:
    path, query = WABA + "/message_templates", {"limit": "2", "fields": "name,status"}
    names, pages = [], 0
    while True:
        page = (await sandbox.http.get(path, headers=WHATSAPP, params=query)).json()
        names += [item["name"] for item in page["data"]]
        pages += 1
        if "next" not in page["paging"]:
            break
        query["after"] = page["paging"]["cursors"]["after"]
    assert (len(names), len(set(names)), pages) == (5, 5, 3)
    assert set(page["data"][0]) == {"name", "status", "id"}
    one = await sandbox.http.get(path, headers=WHATSAPP, params={"name": "reminder"})
    assert [item["status"] for item in one.json()["data"]] == ["APPROVED"]
    bad = await sandbox.http.get(path, headers=WHATSAPP, params={"after": "???"})
    assert bad.json()["error"]["code"] == 131009


async def test_media_are_uploaded_sent_and_downloaded_by_a_short_lived_address(sandbox: Sandbox) -> None:
    form, files = {"messaging_product": "whatsapp"}, {"file": ("map.png", b"pixels", "image/png")}
    media_id = (await sandbox.http.post(NUMBER + "/media", headers=WHATSAPP, data=form, files=files)).json()["id"]
    await sandbox.write()
    assert (await sandbox.send(type="image", image={"id": media_id})).status_code == 200
    found = (await sandbox.http.get(f"/v25.0/{media_id}", headers=WHATSAPP)).json()
    assert (found["mime_type"], found["file_size"]) == ("image/png", 6)
    assert found["url"].startswith(MEDIA_HOST + "/")
    path = found["url"].removeprefix(MEDIA_HOST)
    assert (await sandbox.http.get(path, headers=WHATSAPP)).content == b"pixels"
    assert (await sandbox.http.get(path)).status_code == 401
    sandbox.clock.advance(minutes=5, seconds=1)
    assert (await sandbox.http.get(path, headers=WHATSAPP)).status_code == 400
    assert (await sandbox.http.delete(f"/v25.0/{media_id}", headers=WHATSAPP)).json() == {"success": True}
    assert (await sandbox.http.get(f"/v25.0/{media_id}", headers=WHATSAPP)).status_code == 400


async def test_uploads_are_checked(sandbox: Sandbox) -> None:
    form, files = {"messaging_product": "whatsapp"}, {"file": ("big.png", b"x" * 5_242_881, "image/png")}
    big = await sandbox.http.post(NUMBER + "/media", headers=WHATSAPP, data=form, files=files)
    assert big.json()["error"]["code"] == 131053
    none = await sandbox.http.post(NUMBER + "/media", headers=WHATSAPP, data=form)
    assert none.json()["error"]["code"] == 100
    other = await sandbox.http.post(NUMBER + "/media", headers=WHATSAPP, data={"messaging_product": "sms"})
    assert other.json()["error"]["code"] == 100
