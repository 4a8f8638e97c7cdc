"""What to do with each kind of segment, in a sentence that a CRM manager can act on."""

from __future__ import annotations

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


def action(kind: str) -> str:
    """What to do with a segment of this kind, one of `ACTIONS`."""
    return ACTIONS[kind]
