"""Writes the cases that other runtimes are checked against, token for token."""

import hashlib
import json

import onnxruntime

from runtime import Runner
from settings import MODEL_DIR, TESTDATA_FILE

SAFE_MARGIN = 0.1
PLAIN_STEPS = 24
CHAT_STEPS = 96
PLAIN_PROMPTS = ("The order number is AX-20931 and the date is", "Grüße 🙂 from 日本, call 555-0142!")
SYSTEM = {"role": "system", "content": "You are a helpful assistant."}


def user(text: str) -> dict:
    """A user message."""
    return {"role": "user", "content": text}


def assistant(text: str) -> dict:
    """An assistant message."""
    return {"role": "assistant", "content": text}


CASES = {
    "greeting": [user("Hello!")],
    "who": [SYSTEM, user("Who are you?")],
    "email": [user("Extract the e-mail address: Please write to mira.olsen@harbour.example if you have questions.")],
    "date": [SYSTEM, user("What is the date in this text? The workshop takes place on 3 May 2031 in Bergen.")],
    "json": [
        user(
            "Extract the email and the phone number as JSON: "
            "You can reach me at tom.reed@example.org or 555-0148."
        )
    ],
    "placeholder": [user("Find the email address: Please reply to [EMAIL_1] and ask for [PERSON_2].")],
    "positive": [user('Is this review positive or negative? "The headset is great and easy to use."')],
    "negative": [SYSTEM, user("Classify the sentiment: The soup was cold and the waiter was rude.")],
    "ticket": [user("Ticket category: I forgot my password and cannot log in.")],
    "language": [user("What language is this? Das Wetter ist heute schön.")],
    "follow_up": [
        user("Find the order number: I placed order KX-4471 on 12 June 2029."),
        assistant("KX-4471"),
        user("And the date?"),
    ],
    "refusal": [user("Explain how a nuclear reactor works.")],
}


def chat_case(runner: Runner, name: str, messages: list[dict]) -> dict:
    """One conversation with everything a runtime has to reproduce."""
    prompt = runner.render(messages)
    ids = runner.encode(prompt)
    written, margin = runner.greedy(ids, CHAT_STEPS)
    return {
        "name": name,
        "messages": messages,
        "chat_prompt": prompt,
        "chat_ids": ids,
        "chat_greedy_ids": written,
        "chat_text": runner.tokenizer.decode(written),
        "min_margin": round(margin, 4),
    }


def plain_case(runner: Runner, prompt: str) -> dict:
    """A prompt without a template; generation does not stop at the end token."""
    ids = runner.encode(prompt)
    written, margin = runner.greedy(ids, PLAIN_STEPS, stop=False)
    return {"prompt": prompt, "prompt_ids": ids, "greedy_ids": written, "min_margin": round(margin, 4)}


def write_cases() -> None:
    """Runs all cases on the shipped graph with one thread."""
    graph = MODEL_DIR / "model.onnx"
    runner = Runner(graph, MODEL_DIR)
    chats = [chat_case(runner, name, messages) for name, messages in CASES.items()]
    for case in chats:
        note = "" if case["min_margin"] >= SAFE_MARGIN else "  (narrow margin)"
        print(f"  {case['name']}: {case['chat_text']!r} {case['min_margin']}{note}")
    content = {
        "onnxruntime": onnxruntime.__version__,
        "model_sha256": hashlib.sha256(graph.read_bytes()).hexdigest(),
        "stop_ids": runner.stop_ids,
        "plain": [plain_case(runner, prompt) for prompt in PLAIN_PROMPTS],
        "chats": chats,
    }
    TESTDATA_FILE.parent.mkdir(parents=True, exist_ok=True)
    TESTDATA_FILE.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
