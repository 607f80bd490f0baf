"""What the model would be asked beside, if the words did not speak for themselves."""

from bench.bed import CLEAR, UNCLEAR, Bed


async def run(bed: Bed) -> None:
    product, _ = await bed.pair()
    await bed.vendors.set_model(0)
    for name, text in (("clear", CLEAR), ("unclear", UNCLEAR)):
        await bed.vendors.reset()
        samples = await product.load.converse(2, 1.0, text)
        await bed.settle("model calls")
        calls = await bed.vendors.calls_per_event(len(samples.end_to_end))
        bed.results.add(f"model_calls_{name}", "product", calls.get("model", 0.0))
