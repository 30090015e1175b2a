"""Standings written before get their mode, their next steps and how close the answers were, from the frozen bodies."""

import json

from django.db import migrations

KINDS = ("action", "ask", "offer")
AT_ONCE = 200


def heard_of(milestone):
    asked = [i for i in milestone["indicators"] if i["asked"] and (milestone["own"] or not i["own"])]
    members = asked[0].get("members") if len(asked) == 1 and asked[0]["core"] else None
    if milestone["set_aside"] is not None or not members:
        return {"agreement": "none", "n_band": "none"}
    return {"agreement": members["agreement"], "n_band": members["n_band"]}


def kept(body, slug):
    steps = [
        {name: step[name] for name in ("id", "kind", "text", "owner_role", "due_on")}
        for step in body["next_steps"]
        if (step["milestone"] or "beyond") == slug
    ]
    kinds = {step["kind"] for step in steps}
    return {"mode": body["mode"], "steps": steps, **{f"has_{kind}": kind in kinds for kind in KINDS}}


def keep(apps, schema_editor):
    Revision, Standing = (apps.get_model("assessments", name) for name in ("Revision", "Standing"))
    fields = ["mode", "steps", "agreement", "n_band", *(f"has_{kind}" for kind in KINDS)]
    revisions = list(Revision.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(revisions), AT_ONCE):
        some = revisions[start : start + AT_ONCE]
        bodies = {pk: json.loads(text) for pk, text in Revision.objects.filter(pk__in=some).values_list("pk", "body")}
        standings = list(Standing.objects.filter(revision__in=some))
        for standing in standings:
            body = bodies[standing.revision_id]
            milestone = next((m for m in body["milestones"] if m["slug"] == standing.slug), None)
            found = {**(heard_of(milestone) if milestone else {}), **kept(body, standing.slug)}
            for name, value in found.items():
                setattr(standing, name, value)
        Standing.objects.bulk_update(standings, fields, batch_size=100)


class Migration(migrations.Migration):

    dependencies = [("assessments", "0004_standings_for_crossing")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
