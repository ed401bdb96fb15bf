"""Compares an exported folder with what transformers computed (`expected.json`)."""

from pathlib import Path

import numpy as np

from nearside_export.errors import ExportError
from nearside_export.folder import GRAPH_NAME, read_json
from nearside_export.session import Session

TOLERANCE = 1e-4


def check(folder: Path, expected: Path) -> float:
    """The largest difference of the first logits. Raises `ExportError` unless it is below
    `TOLERANCE` and every greedy token is equal, for each case in the file."""
    reference = read_json(expected)
    session, largest = Session(folder / GRAPH_NAME), 0.0
    for case in reference.get("cases") or cases_of(reference):
        written, first = session.greedy(case["prompt_ids"], len(case["greedy_ids"]))
        if "first_step_logits" in case:
            largest = max(largest, float(np.abs(first - np.array(case["first_step_logits"])).max()))
        if written != case["greedy_ids"]:
            same = next(i for i, pair in enumerate(zip(written, case["greedy_ids"])) if pair[0] != pair[1])
            raise ExportError(
                f"{folder.name}: token {same} is {written[same]}, expected {case['greedy_ids'][same]}"
            )
    if largest > TOLERANCE:
        raise ExportError(f"{folder.name}: logits differ by {largest:.1e}, expected at most {TOLERANCE:.0e}")
    return largest


def cases_of(reference: dict) -> list[dict]:
    """The plain prompt with its logits, and the conversation."""
    plain = {key: reference[key] for key in ("prompt_ids", "greedy_ids", "first_step_logits")}
    return [plain, {"prompt_ids": reference["chat_ids"], "greedy_ids": reference["chat_greedy_ids"]}]
