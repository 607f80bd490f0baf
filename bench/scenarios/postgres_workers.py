"""PostgreSQL with 1 and 2 workers beside a server that only receives: the database's processor time is counted, too."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bench.bed import Bed
from bench.postgres import ServerProcesses, open_postgres
from bench.processes import running
from bench.results import Calls
from bench.scenarios.open_loop import MODEL_MS, RATES, arrive
from bench.scenarios.saturation import saturate
from bench.sides import Measured, Side, open_product, prepare

WORKERS = (1, 2)


async def run(bed: Bed) -> None:
    calls: dict[str, Calls] = {}
    with open_postgres() as postgres:
        for workers in WORKERS:
            async with _open_workers(bed, postgres.create_database(), workers) as side:
                await bed.warm(side)
                for milliseconds in MODEL_MS:
                    metric = f"pg{workers}_{milliseconds}"
                    calls[f"{workers} workers, {milliseconds} ms"] = await saturate(
                        bed, side, f"{metric}_", milliseconds
                    )
                for rate in RATES if bed.first_round else ():
                    calls[f"{workers} workers, {rate}/s"] = await arrive(bed, side, f"pg{workers}_open_{rate}", rate, 0)
    bed.results.compare_calls("PostgreSQL", calls)
    for metric, milliseconds in (("pg_two_over_one", 0), ("pg_two_over_one_300", 300)):
        one, two = (bed.results.values[f"pg{workers}_{milliseconds}_throughput"]["product"][-1] for workers in WORKERS)
        bed.results.add(metric, "product", two / one)


@asynccontextmanager
async def _open_workers(bed: Bed, url: str, workers: int) -> AsyncIterator[Side]:
    settings = {"PIPEWISE_DATABASE_URL": url}
    program = ("pipewise", "serve", "--no-worker")
    async with AsyncExitStack() as stack:
        receiving = open_product(bed.folder("receiving"), bed.vendors.port, bed.feed, settings, program=program)
        side = await stack.enter_async_context(receiving)
        processes: list[Measured] = [ServerProcesses(url)]
        for _ in range(workers):
            folder = bed.folder("worker")
            environment = {**prepare(folder, bed.vendors.port), **settings}
            worker = running(["pipewise", "worker"], environment, port=None, log=folder / "worker.log")
            processes.append(await stack.enter_async_context(worker))
        yield Side("product", side.process, side.load, tuple(processes))
