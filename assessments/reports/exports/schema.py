"""The files as Frictionless knows them: `datapackage.json`, from the definitions that write them. Pure."""

from collections.abc import Iterable, Mapping

from assessments.reports.exports.columns import Column, File

BOOLEAN = {"trueValues": ["1"], "falseValues": ["0"]}


def field(column: Column, tongue: str) -> dict:
    """A column: its type, what it means, and what may stand in it."""
    rule = column.rule.said(tongue)
    described = {
        "name": column.name,
        "type": column.type,
        "description": ". ".join(filter(None, [column.meaning.said(tongue), rule])),
    }
    may = {} if column.may_be_empty else {"required": True}
    if column.type == "boolean":
        described |= BOOLEAN
    elif column.codes:
        codes = [code.code for code in column.codes]
        may["enum"] = [int(code) for code in codes] if column.type == "integer" else codes
    return described | ({"constraints": may} if may else {})


def schema(file: File, tongue: str, *, whole: bool) -> dict:
    """The schema of a file; `whole` where no filter by milestone leaves rows out of the files that its keys lead to."""
    found = {"fields": [field(column, tongue) for column in file.columns], "missingValues": [""]}
    if file.key:
        found["primaryKey"] = list(file.key)
    if whole or file.of_milestones:
        found["foreignKeys"] = [
            {"fields": list(key), "reference": {"resource": other, "fields": list(key)}} for key, other in file.within
        ]
    return found


def resource(file: File, tongue: str, *, path: str, size: int, sha256: str, whole: bool) -> dict:
    """A file as a resource of the package."""
    return {
        "name": file.name,
        "profile": "tabular-data-resource",
        "path": path,
        "title": file.about.said(tongue),
        "description": file.row_is.said(tongue),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": schema(file, tongue, whole=whole),
    }


def datapackage(resources: Iterable[Mapping], *, title: str, description: str, sample: bool, coded: bool) -> dict:
    """`datapackage.json`: everything but the moment of the download, which is the manifest's."""
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "-".join(["sample"] * sample + ["milestones"] + ["coded"] * coded),
        "title": title,
        "description": description,
        "profile": "tabular-data-package",
        "licenses": [{"name": "other-closed", "path": "LICENCE.md", "title": "LICENCE.md"}],
        "sample_data": sample,
        "coded": coded,
        "resources": list(resources),
    }
