"""What a model's answer costs, by the table of the account."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipewise.account_settings import PRICE_TABLE, Price


@dataclass(frozen=True)
class TokenUsage:
    input_tokens: int
    output_tokens: int

    @property
    def total(self) -> int:
        return self.input_tokens + self.output_tokens


def cost_of(table: Mapping[str, Price], model: str, usage: TokenUsage) -> int:
    """Micro-dollars. A model that is not listed counts as the dearest one that is."""
    price = table.get(model) or _listed(table, model) or _dearest(table)
    return round(usage.input_tokens * price.input_per_million_usd + usage.output_tokens * price.output_per_million_usd)


def _listed(table: Mapping[str, Price], model: str) -> Price | None:
    """`gpt-5-mini` and its dated snapshots, not `gpt-5-pro` for `gpt-5`."""
    return next((price for name, price in table.items() if model.startswith(f"{name}-20")), None)


def _dearest(table: Mapping[str, Price]) -> Price:
    return max(table.values(), key=lambda price: (price.output_per_million_usd, price.input_per_million_usd))


class ListPrices:
    """The prices that hold for every account that has set none."""

    async def price(self, account_id: str, model: str, usage: TokenUsage) -> int:
        del account_id
        return cost_of(PRICE_TABLE, model, usage)
