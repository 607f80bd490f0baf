"""Message templates: the ones every account starts with, and whether a send fits what was approved."""

import re
from dataclasses import dataclass
from typing import Any

from pipewise.sandbox.whatsapp_errors import absent, refusal

Json = dict[str, Any]

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
NAME = re.compile(r"^[a-z0-9_]{1,512}$")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")


@dataclass(eq=False)
class Template:
    id: str
    name: str
    language: str
    category: str
    status: str
    parameter_format: str
    components: list[Json]

    def as_json(self) -> Json:
        return {
            "name": self.name,
            "status": self.status,
            "category": self.category,
            "language": self.language,
            "id": self.id,
            "parameter_format": self.parameter_format,
            "components": self.components,
        }

    def placeholders(self, component: str) -> list[str]:
        found = next((item for item in self.components if item.get("type") == component), {})
        return list(dict.fromkeys(PLACEHOLDER.findall(found.get("text", ""))))

    def rendered(self, components: list[Json]) -> str:
        """The body as the person reads it."""
        body = next((item for item in self.components if item.get("type") == "BODY"), {})
        given: list[Json] = next((item.get("parameters", []) for item in components if item.get("type") == "body"), [])
        names = self.placeholders("BODY")
        values = {given_name(item, names, index): str(item.get("text", "")) for index, item in enumerate(given)}
        return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body.get("text", ""))


def given_name(parameter: Json, names: list[str], index: int) -> str:
    return str(parameter.get("parameter_name") or (names[index] if index < len(names) else index))


def body_only(text: str, samples: list[str]) -> list[Json]:
    return [{"type": "BODY", "text": text, "example": {"body_text": [samples]}}]


def default_templates(waba_id: str) -> list[Template]:
    made = [
        (
            "first_contact",
            "MARKETING",
            "APPROVED",
            "Hi {{1}}, thank you for your interest. When would a short call suit you?",
        ),
        ("follow_up", "MARKETING", "APPROVED", "Hi {{1}}, are you still interested in a short call?"),
        ("reminder", "UTILITY", "APPROVED", "Hi {{1}}, a reminder of your meeting on {{2}}. Reply here to change it."),
        ("paused_offer", "MARKETING", "PAUSED", "Hi {{1}}, this offer ends soon. Reply for details."),
        ("disabled_offer", "MARKETING", "DISABLED", "Hi {{1}}, this offer has ended. Reply for details."),
    ]
    return [
        Template(
            f"6{waba_id[1:-3]}{number:03d}",
            name,
            "en_US",
            category,
            status,
            "POSITIONAL",
            body_only(text, ["Rui", "Tuesday 10:00"][: text.count("{{")]),
        )
        for number, (name, category, status, text) in enumerate(made, 1)
    ]


def check_template(templates: list[Template], content: Json) -> Template:
    """Finds the template and checks that it may be sent and that its parameters fit."""
    name, language = content.get("name"), content.get("language")
    if not name:
        raise absent("template['name']")
    if not isinstance(language, dict) or not language.get("code"):
        raise absent("template['language']['code']")
    template = next((t for t in templates if t.name == name and t.language == language["code"]), None)
    if template is None or template.status in ("PENDING", "REJECTED"):
        raise refusal(132001, f"template name ({name}) does not exist in {language['code']}")
    if template.status == "PAUSED":
        raise refusal(132015, "Template paused for low quality.")
    if template.status == "DISABLED":
        raise refusal(132016, "Template permanently disabled for low quality.")
    check_parameters(template, content.get("components") or [])
    return template


def check_parameters(template: Template, components: list[Json]) -> None:
    if not isinstance(components, list) or not all(isinstance(item, dict) for item in components):
        raise refusal(100, "Param template['components'] must be a list of JSON objects.")
    for kind in ("HEADER", "BODY"):
        wanted = template.placeholders(kind)
        given = [p for item in components if item.get("type") == kind.lower() for p in item.get("parameters", [])]
        if len(given) != len(wanted):
            raise refusal(
                132000,
                f"{kind.lower()}: number of localizable_params ({len(given)}) does not match the expected number of "
                f"params ({len(wanted)})",
            )
        if any(not fits(template, parameter, wanted) for parameter in given):
            raise refusal(132012, "Parameter values do not fit the template format.")


def fits(template: Template, parameter: Json, wanted: list[str]) -> bool:
    named = template.parameter_format == "NAMED"
    right_name = parameter.get("parameter_name") in wanted if named else "parameter_name" not in parameter
    return right_name and parameter.get("type") == "text" and bool(parameter.get("text"))
