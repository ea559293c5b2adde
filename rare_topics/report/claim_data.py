"""Claims and disagreements, with the places where the page marks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rare_topics.claims.measures import name_of
from rare_topics.report.anchors import Places, anchor_of
from rare_topics.report.rows import records

if TYPE_CHECKING:
    from rare_topics.claims import Claim
    from rare_topics.lexicon import Lexicon
    from rare_topics.study import Study

# Verdicts that begin so leave nothing open.
AGREED = "agree"
SHOWN = ["claim_id", "article_id", "printed", "value", "value_high", "unit", "kind", "qualifier", "as_of"]


def claims(study: Study, places: Places) -> list[dict[str, Any]]:
    """List every claim with its subject in both languages and the passage it stands in."""
    found = study.claims
    rows = zip(found.claims, records(found.table[[*SHOWN, "passage_id", "start", "end"]]), strict=True)
    listed = []
    for claim, row in rows:
        passage_id, start, end = row.pop("passage_id"), row.pop("start"), row.pop("end")
        whole = places.of_passage(passage_id)
        listed.append(
            {
                **row,
                **subject_names(claim, found.lexicon),
                **places.of_span(passage_id, anchor_of("c", claim.claim_id, "#"), start, end),
                "quote": [whole["start"], whole["end"]],
            }
        )
    return listed


def disagreements(study: Study) -> list[dict[str, Any]]:
    """List the groups of claims about one thing, each with its verdict, the most widely disputed first."""
    by_id = {claim.claim_id: claim for claim in study.claims.claims}
    groups = []
    for name, rows in study.claims.disagreements.groupby("group", sort=False):
        named = rows[rows["subject"] == name]
        first = by_id[(rows if named.empty else named)["claim_id"].iloc[0]]
        groups.append(
            {
                "group": str(name),
                **subject_names(first, study.claims.lexicon),
                "verdict": rows["verdict"].iloc[0],
                "n_articles": int(rows["article_id"].nunique()),
                "claims": rows["claim_id"].tolist(),
            }
        )
    return sorted(groups, key=lambda group: (group["verdict"].startswith(AGREED), -group["n_articles"]))


def subject_names(claim: Claim, lexicon: Lexicon) -> dict[str, str]:
    """Name what a claim is about in both languages."""
    return {
        f"subject_{lang}": " · ".join(
            filter(
                None,
                (
                    name_of(claim.subject.measure, claim.quantity.kind, lang),
                    *(lexicon.label(concept, lang) for concept in (claim.subject.of, claim.subject.where) if concept),
                ),
            )
        )
        for lang in ("zh", "en")
    }
