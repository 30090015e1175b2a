"""What a standing keeps of a revision's body beside the level, so that no dashboard reads bodies. Pure.

A next step leaves out the name of its owner, and what came of it: that belongs to the next quarter. How close the
answers were is kept where one core question alone stands for the milestone, as pages show it.
"""

from collections.abc import Mapping

KINDS = ("action", "ask", "offer")
NOTHING_HEARD = {"agreement": "none", "n_band": "none"}


def steps_of(body: Mapping, slug: str) -> list[dict]:
    """The next steps of one milestone of a body; those of Beyond the milestones for an empty slug."""
    return [
        {name: step[name] for name in ("id", "kind", "text", "owner_role", "due_on")}
        for step in body["next_steps"]
        if step["milestone"] == slug
    ]


def heard_of(milestone: Mapping) -> dict[str, str]:
    """Close or wide, and the band of how many, as the release has them; `none` where no one question stands for it."""
    asked = [i for i in milestone["indicators"] if i["asked"] and (milestone["own"] or not i["own"])]
    if milestone["set_aside"] is not None or len(asked) != 1 or not asked[0]["core"]:
        return NOTHING_HEARD
    members = asked[0].get("members")
    return {"agreement": members["agreement"], "n_band": members["n_band"]} if members else NOTHING_HEARD


def kept(body: Mapping, slug: str) -> dict:
    """The fields of a standing that hold the mode and the next steps."""
    steps = steps_of(body, slug)
    kinds = {step["kind"] for step in steps}
    return {"mode": body["mode"], "steps": steps, **{f"has_{kind}": kind in kinds for kind in KINDS}}
