"""Addresses that a user may set in the hope that the service calls a machine of its own. `{port}` is where the trap listens."""

NUMBERS = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "017700000001",
    "0", "0.0.0.0", "0.0.0.1", "000.000.000.000", "0x0", "127.0.0.1.", "127.000.000.001", "00000177.0x0.0.1", "4294967295", "3232235521",  # noqa: S104
)  # fmt: skip
PRIVATE = (
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255", "100.64.0.1", "100.127.255.254",
    "169.254.1.1", "198.18.0.1", "198.19.255.255", "192.0.0.8", "192.0.2.1", "198.51.100.7", "203.0.113.7", "192.88.99.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
METADATA = (
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.170.2", "100.100.100.200", "192.0.0.192",
    "168.63.129.16", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[fe80::a9fe:a9fe]",
)  # fmt: skip
IPV6 = (
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::]", "[2001:db8::1]",
    "[3fff::1]", "[5f00::1]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[ff0e::1]",
    "[100::1]", "[::1%25lo]", "[4000::1]",
)  # fmt: skip
NAMES = (
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "sub.localhost", "ip6-localhost", "metadata.google.internal",
    "inside.example", "mixed.example", "mixed-six.example", "mapped.example", "zero.example", "nothing.example", "broadcast.example",
    "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "١٢٧.٠.٠.١", "l%6fcalhost", "127.0.0.1%00.public.example",
    "xn--", "-", "..", "127.0.0.1.nip.example",
)  # fmt: skip
# What a fake name server says of them; a list is one answer with several addresses.
ANSWERS = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "sub.localhost": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "inside.example": ["127.0.0.1"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "mixed-six.example": ["93.184.215.14", "::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "zero.example": ["0.0.0.0"],  # noqa: S104
    "nothing.example": [],
    "broadcast.example": ["255.255.255.255"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "evil.example": ["127.0.0.1"],
}
TRICKS = (
    "http://public.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@evil.example:{port}/",
    "http://public.example:{port}@[::1]:{port}/",
    "http://public.example\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@public.example/",
    "http://127.0.0.1:{port}#@public.example/",
    "http://public.example#@127.0.0.1:{port}/x\r\nHost: inside",
    "http://127.0.0.1:{port}/\t",
    " http://127.0.0.1:{port}/",
    "http:127.0.0.1:{port}",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "https://127.0.0.1:{port}/",
    "http://public.example:22/",
    "http://public.example:6379/",
    "http://public.example:0/",
    "http://public.example:99999/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "ws://127.0.0.1:{port}/",
    "data:text/plain,x",
    "jar:http://127.0.0.1:{port}!/",
    "http://" + "a" * 3000 + ".example:{port}/",
)


def targets(port: int) -> list[str]:
    """Every address, once."""
    hosts = (*NUMBERS, *PRIVATE, *METADATA, *IPV6, *NAMES)
    return list(
        dict.fromkeys([*(f"http://{host}:{port}/" for host in hosts), *(one.format(port=port) for one in TRICKS)])
    )
