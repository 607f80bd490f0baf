"""The trained classifier of a process that answers before it has read the weights: until then the rules decide alone."""

import asyncio

from pipewise.language.intent_model import IntentModel, load_intent_model


class LateIntentModel:
    """`model` is None until `load` is done. A turn looks once, at its start, and its record tells which of the two it had."""

    def __init__(self, model: IntentModel | None = None) -> None:
        self.model = model
        self._loaded = asyncio.Event()
        if model:
            self._loaded.set()

    async def load(self) -> None:
        """Some thirty milliseconds in a thread."""
        self.model = await asyncio.to_thread(load_intent_model)
        self._loaded.set()

    async def loaded(self) -> IntentModel:
        """Waits for it."""
        await self._loaded.wait()
        assert self.model is not None  # noqa: S101  set before the event
        return self.model
