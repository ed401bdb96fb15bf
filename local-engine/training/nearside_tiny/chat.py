"""The chat format: one special token opens each turn, one closes it."""

from dataclasses import dataclass

BOS, END, PAD = "<|bos|>", "<|end|>", "<|pad|>"
SYSTEM, USER, ASSISTANT = "<|system|>", "<|user|>", "<|assistant|>"
SPECIAL_TOKENS = [PAD, BOS, END, SYSTEM, USER, ASSISTANT]
PAD_ID, BOS_ID, END_ID = 0, 1, 2

# The roles `developer` and `tool` have no token of their own.
TEMPLATE = (
    "{{- bos_token }}"
    "{%- for message in messages %}"
    "{%- if message['role'] in ['system', 'developer'] %}{{- '<|system|>' }}"
    "{%- elif message['role'] == 'assistant' %}{{- '<|assistant|>' }}"
    "{%- else %}{{- '<|user|>' }}{%- endif %}"
    "{{- (message['content'] or '') | trim }}{{- '<|end|>' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"
)

_OPENING = {"system": SYSTEM, "user": USER, "assistant": ASSISTANT}


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: str
    text: str


def pieces(turns: list[Turn]) -> list[tuple[str, bool]]:
    """The rendered conversation in pieces, each with whether the model has to write it."""
    rendered = [(BOS, False)]
    for turn in turns:
        rendered.append((_OPENING[turn.role], False))
        rendered.append((turn.text.strip() + END, turn.role == "assistant"))
    return rendered
