"""The benchmark's own HTTP: messages that come in pieces."""

from bench.wire import Incoming


def test_a_message_is_given_once_all_of_it_is_there() -> None:
    incoming = Incoming()
    message = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    for place in range(len(message) - 1):
        assert incoming.feed(message[place : place + 1]) is None
    assert incoming.feed(b"o") == (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5", b"hello")
    assert incoming.feed(b"GET /b HTTP/1.1\r\n\r\n") == (b"GET /b HTTP/1.1", b"")
