"""Renders chat templates with transformers, as the reference for `src/template`.

Writes `rendered.json` beside itself: `conversations`, what `apply_chat_template` was given, by name; and
`templates`, each with its special tokens and, for every conversation it was tried on, the text it
returned, or null where it raised an error.

    python -m venv .venv && .venv/bin/pip install transformers==4.57.6 jinja2==3.1.6
    .venv/bin/python make.py ../../../../shared/models/tiny

The folder holds one model per family, of which only the tokenizer's files are read.
"""

import json
import sys
from pathlib import Path

from transformers import PreTrainedTokenizerFast

import cases
import own_templates

HERE = Path(__file__).parent


def special_tokens(tokenizer):
    """Those that are one token each; lists of further ones are not used by templates."""
    return {name: text for name, text in tokenizer.special_tokens_map.items() if isinstance(text, str)}


def render(tokenizer, template, case):
    variables = case.get("variables", {})
    try:
        text = tokenizer.apply_chat_template(
            case["messages"],
            tools=case.get("tools"),
            chat_template=template,
            add_generation_prompt=case.get("add_generation_prompt", True),
            tokenize=False,
            **variables,
        )
    except Exception:  # Templates raise errors of any type.
        return None
    return text


def entry(name, tokenizer, template, wanted):
    return {
        "name": name,
        "template": template,
        "special_tokens": special_tokens(tokenizer),
        "rendered": {case["name"]: render(tokenizer, template, case) for case in wanted},
    }


def main(models):
    entries, conversations = [], {}
    for folder in sorted(Path(models).iterdir()):
        if (folder / "tokenizer.json").is_file():
            tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
            entries.append(entry(folder.name, tokenizer, tokenizer.chat_template, cases.COMMON))
    for name, (template, wanted) in own_templates.ALL.items():
        entries.append(entry(name, tokenizer, template, wanted))
    for wanted in [cases.COMMON, *(wanted for _, wanted in own_templates.ALL.values())]:
        conversations |= {case["name"]: {k: v for k, v in case.items() if k != "name"} for case in wanted}
    result = {"conversations": conversations, "templates": entries}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (HERE / "rendered.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(entries)} templates, {sum(len(one['rendered']) for one in entries)} cases")


if __name__ == "__main__":
    main(sys.argv[1])
