"""Starts a baseline as the product starts itself: the sound SQLite first, then everything else."""

import argparse
import asyncio
import json

from pipewise.storage.sqlite import install_sound_sqlite

# ruff: noqa: PLC0415


def main() -> None:
    install_sound_sqlite()
    parser = argparse.ArgumentParser()
    kinds = parser.add_subparsers(dest="kind", required=True)
    naive = kinds.add_parser("naive")
    naive.add_argument("--port", type=int, required=True)
    bare = kinds.add_parser("bare")
    bare.add_argument("--seconds", type=float, required=True)
    bare.add_argument("--leads", type=int, required=True)
    bare.add_argument("--text", required=True)
    arguments = parser.parse_args()
    if arguments.kind == "naive":
        from bench.naive import serve

        serve(arguments.port)
    else:
        from bench.bare import measure

        print(json.dumps(asyncio.run(measure(arguments.seconds, arguments.leads, arguments.text))))


if __name__ == "__main__":
    main()
