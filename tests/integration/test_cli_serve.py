"""`serve` as a process: its address, its token, its log, and what makes it refuse."""

import json
import socket
import subprocess
import time

import httpx
import pytest

from tests.integration.command_line import free_port, pipewise, running

START_SECONDS = 30


def wait_until_healthy(url: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"not healthy: {process.communicate()}")


def test_serve_tells_its_token_once_logs_json_and_is_alone_in_its_folder() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running("serve", "--port", str(port)) as process:
        wait_until_healthy(url, process)
        second = pipewise("serve", "--port", str(free_port()))
        assert (second.code, second.out, second.err.count("\n")) == (2, "", 1)
        process.terminate()
        out, err = process.communicate(timeout=30)
    shown, token_line = out.splitlines()
    token = token_line.rpartition(" ")[2]
    assert url in shown
    assert token.startswith("pw_")
    for line in err.splitlines():
        assert json.loads(line)["message"]
    assert token not in err
    with running("serve", "--port", str(port)) as process:
        wait_until_healthy(url, process)
        answer = httpx.get(f"{url}/api/leads", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        assert answer.status_code == 200
        process.terminate()
        assert "pw_" not in "".join(process.communicate(timeout=30))


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("serve", "sandbox"):
            refused = pipewise(command, "--port", port)
            assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
            assert port in refused.err


def test_a_start_that_fails_inside_the_server_is_told_in_one_line_too() -> None:
    pipewise("tokens", "list")
    with running(
        "serve", "--port", str(free_port()), settings={"PIPEWISE_SECRET_KEYS": "another key, by mistake"}
    ) as process:
        _, err = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 2
    last = err.splitlines()[-1]
    assert last.startswith("pipewise: The master key does not fit")
    assert "Traceback" not in err


def test_the_sandbox_answers_on_its_port() -> None:
    port = free_port()
    with running("sandbox", "--port", str(port)) as process:
        assert process.stdout
        assert str(port) in process.stdout.readline()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/_sandbox/health", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        assert answer.json()["ok"] is True
