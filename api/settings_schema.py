"""A change of an account's settings: any part of them, described by the settings themselves and checked where they are kept."""

from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler, RootModel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from pipewise.account_settings import AccountSettings

EXAMPLES = [
    {"company": "Acme", "timezone": "Europe/Lisbon", "default_owner": "ana@example.com"},
    {
        "business_hours": {"friday": [["09:00", "13:00"]], "saturday": []},
        "quiet_hours": {"from": "20:00", "to": "09:00"},
        "holidays": [{"date": "2026-12-25", "name": "Christmas"}],
    },
    {"follow_up": {"delays": ["2h", "2d"], "reminders": ["24h", "30m"], "thanks": False}},
    {"caps": {"messages_per_lead_per_day": 40, "usd_per_day": 5.0}, "knowledge_folder": "acme"},
    {
        "qualification": {
            "checklist": [
                {"key": "need", "question": "What would you like to solve?", "weight": 40, "required": True},
                {
                    "key": "plan",
                    "question": {"en": "Which plan interests you?", "es": "¿Qué plan le interesa?"},
                    "weight": 30,
                    "kind": "choice",
                    "options": [{"value": "Team"}, {"value": "Enterprise", "words": ["corporate"]}],
                },
                {"key": "budget", "question": "What is your budget?", "weight": 30, "kind": "amount", "at_least": 500},
            ],
            "thresholds": {"qualified": 60, "unqualified": 20},
        }
    },
    {"price_table": {"our-model": {"input_per_million_usd": 0.1, "output_per_million_usd": 0.4}}},
    {"hosts": [{"email": "ana@example.com", "name": "Ana"}], "disclosure": {"text": {"en": "You write with a bot."}}},
]


class SettingsChange(RootModel[dict[str, Any]]):
    """What is left out stays; null brings a default back; lists are replaced whole."""

    model_config = ConfigDict(hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        del core_schema
        return handler(AccountSettings.__pydantic_core_schema__)
