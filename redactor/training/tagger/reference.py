"""Cases for other runtimes: what the model says of some texts."""

import json

from settings import HERE, LABELS

TEXTS = [
    "Please call Maria Gonzalez at the Riverside Clinic in Springfield before Friday.",
    "Sehr geehrte Frau Dr. Öztürk, ich wohne seit 3. Mai 2019 in der Lindenstraße 12, 04109 Leipzig.",
    "Le docteur Émile Lefèvre a opéré la patiente, âgée de 54 ans, à l'hôpital Saint-Antoine.",
    "The function returns the number of open connections, or -1 when the pool is closed.",
    "PATIENT: JOHN O'NEIL\nDOB: 01/02/1960\nDiagnosis: type 2 diabetes",
    "🙂 @nina_k said she'd bring Léa along 👍",
    "",
    "Anna. " * 120,
]


def write(runtime):
    cases = []
    for text in TEXTS:
        offsets, probabilities = runtime.tag(text)
        ends = [len(text[:at].encode()) for at in range(len(text) + 1)]
        cases.append({
            "text": text,
            "tokens": [[ends[b], ends[e]] for b, e in offsets],
            "probabilities": [[round(float(value), 4) for value in row] for row in probabilities],
        })  # fmt: skip
    file = HERE.parent.parent / "testdata" / "tagger.json"
    file.write_text(
        json.dumps({"labels": LABELS, "cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n",
        encoding="utf-8",
    )
