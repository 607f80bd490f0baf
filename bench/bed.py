"""What a scenario measures with: the fake vendors, fresh folders, and servers that it shares with others of its round."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.load import Feed
from bench.results import Results
from bench.sides import Side, open_naive, open_product
from bench.sizes import Sizes
from bench.vendor_control import Vendors

# "Schedule a demo" speaks for itself; of the other the local rules know nothing, and the model is asked for a label.
CLEAR, UNCLEAR = "Schedule a demo", "zzz qqq"
WARM_SECONDS = 2.0


class Bed:
    """Of one round."""

    def __init__(
        self,
        folder: Path,
        vendors: Vendors,
        feed: Feed,
        sizes: Sizes,
        results: Results,
        stack: AsyncExitStack,
        *,
        first_round: bool,
    ) -> None:
        self.first_round = first_round
        self.vendors = vendors
        self.feed = feed
        self.sizes = sizes
        self.results = results
        self._root = folder
        self._stack = stack
        self._pair: tuple[Side, Side] | None = None

    def folder(self, name: str) -> Path:
        """A new one."""
        path = self._root / f"{name}-{len(list(self._root.iterdir()))}"
        path.mkdir()
        return path

    async def pair(self) -> tuple[Side, Side]:
        """Product and naive, warm, on SQLite and with no burst window; shared by the scenarios of a round."""
        if self._pair is None:
            product = await self._stack.enter_async_context(
                open_product(self.folder("product"), self.vendors.port, self.feed)
            )
            naive = await self._stack.enter_async_context(
                open_naive(self.folder("naive"), self.vendors.port, self.feed)
            )
            self._pair = product, naive
            for side in self._pair:
                await self.warm(side)
                self.results.add("memory_start", side.name, side.process.memory_mb())
        return self._pair

    async def warm(self, side: Side) -> None:
        """Imports, caches and connections."""
        await self.vendors.set_model(0)
        await side.load.converse(2, min(self.sizes.seconds, WARM_SECONDS), CLEAR)
        await self.settle("warming up")

    async def settle(self, where: str) -> None:
        if not await self.vendors.drain():
            self.results.invalid.append(f"{where}: not worked off in time")


@asynccontextmanager
async def open_bed(
    folder: Path, vendors: Vendors, feed: Feed, sizes: Sizes, results: Results, *, first_round: bool = True
) -> AsyncIterator[Bed]:
    async with AsyncExitStack() as stack:
        yield Bed(folder, vendors, feed, sizes, results, stack, first_round=first_round)
