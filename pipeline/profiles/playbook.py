"""What to do with each kind of segment, in a sentence that a CRM manager can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pipeline.parameters import Step, text
from pipeline.profiles import handwritten

LONGEST_ACTION = 300
EXAMPLE = '{"Champions": "Invite them to the summer event."}'
ACTIONS = {
    "Champions": "Thank them: early access, a reward, a request for a review. They buy without a discount.",
    "Loyal": "Offer the next better product and ask for a referral; a small thank-you goes further than a discount.",
    "Potential loyalists": "Show them a second category and invite them to a membership while they are warm.",
    "New": "Welcome them and lead them to the second order: how-to, best-sellers, an offer that ends soon.",
    "Promising": "Keep them company until the second order: reminders, what others bought next, a first incentive.",
    "Need attention": "Make one offer with an end date on a category they have bought from.",
    "About to sleep": "Remind them with popular products before they forget you.",
    "Can't lose": "Let a person write or call: they ordered often and have stopped. Ask why before you offer.",
    "At risk": "Win them back in person: their own products, an apology where it is due, an offer with an end date.",
    "Hibernating": "One cheap message; who does not answer is left alone, to save cost and reputation.",
    "Key accounts": "Give each one a contact of their own; no campaign is made for them.",
    "In no segment": "They are like nobody else: leave them out of segment campaigns, or look at them one by one.",
}


def given_actions(written: str) -> dict[str, str]:
    """Actions that people gave: kind of segment -> what to do.

    Raises
    ------
    ValueError
        If the text is no JSON object of texts, names a kind that there is not, or an action is empty or too long.
    """
    found = handwritten.read(written, EXAMPLE)
    for kind, action in found.items():
        if kind not in ACTIONS:
            raise ValueError(f"there are no segments of the kind {kind!r}, only {', '.join(ACTIONS)}")
        if not isinstance(action, str) or not action.strip() or len(action) > LONGEST_ACTION:
            raise ValueError(f"what to do with {kind} has 1 to {LONGEST_ACTION} characters")
    return found


@dataclass(frozen=True)
class Playbook(Step):
    """What people do with each kind of segment, where it is not what the program proposes."""

    NAME: ClassVar[str] = "playbook"
    TITLE: ClassVar[str] = "Playbook"
    HELP: ClassVar[str] = "What to do with each kind of segment; it travels with the recipe, and recomputes nothing."

    given: str = text(
        "",
        label="What to do",
        help=f"Sentences by kind of segment, as JSON: {EXAMPLE}.",
        flag="--playbook",
        check=given_actions,
        looked_up=True,
    )

    def actions(self) -> dict[str, str]:
        """What to do with every kind of segment: as given, else as proposed."""
        return ACTIONS | given_actions(self.given)

    def with_actions(self, actions: Mapping[str, str]) -> Playbook:
        """A copy in which these are the actions for their kinds; what is proposed anyway is not kept.

        Raises
        ------
        SettingError
            If one is empty or too long.
        """
        changed = given_actions(self.given) | {kind: action.strip() for kind, action in actions.items()}
        own = {kind: action for kind, action in changed.items() if action != ACTIONS.get(kind)}
        written = handwritten.write(own)
        handwritten.kept("This", lambda: given_actions(written))
        return self.from_json({"given": written})
