"""Answers of the Responses API: the words of the last message, in the form that the request asks for.

| The request | The answer |
| --- | --- |
| goes on from an earlier answer | says the placeholder that the earlier request brought |
| offers tools | a call with the words |
| asks for a form | JSON with the words |
| ``break off ...``, streamed | an error after the first words |
| ``never stop ...``, streamed | has no end |
"""

import itertools
import json
import re
import uuid

from stand_in import pieces

USAGE = {
    "input_tokens": 7,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 5,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 12,
}

_kept = {}
"""The first placeholder of each answer's conversation."""


def said(request):
    """The words of the last message or result."""
    last = request["input"]
    if isinstance(last, str):
        return last
    last = last[-1]
    content = last.get("content", last.get("output"))
    return content if isinstance(content, str) else content[-1]["text"]


def answer(request):
    """The whole answer."""
    identity = f"resp_{uuid.uuid4().hex}"
    words = said(request)
    earlier = request.get("previous_response_id")
    if earlier:
        words = f"{words} {_kept[earlier]}"
    found = re.search(r"\[[A-Z_]+_\d+\]", words)
    _kept[identity] = found.group() if found else ""
    return _response(identity, "completed", [_item(request, words)])


def events(request):
    """The events of the answer as a stream, each as its name and its data."""
    for number, event in enumerate(_events(request)):
        yield event["type"], json.dumps({**event, "sequence_number": number})


def _events(request):
    whole = answer(request)
    begun = {**whole, "status": "in_progress", "output": []}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    (item,) = whole["output"]
    place = {"item_id": item["id"], "output_index": 0}
    if item["type"] == "function_call":
        yield {"type": "response.output_item.added", "output_index": 0, "item": {**item, "arguments": ""}}
        for part in pieces(item["arguments"]):
            yield {"type": "response.function_call_arguments.delta", **place, "delta": part}
        done = {"name": item["name"], "arguments": item["arguments"]}
        yield {"type": "response.function_call_arguments.done", **place, **done}
    else:
        place["content_index"] = 0
        (part,) = item["content"]
        yield {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}}
        yield {"type": "response.content_part.added", **place, "part": {**part, "text": ""}}
        never_stops = said(request).startswith("never stop")
        for delta in itertools.repeat("on and ") if never_stops else pieces(part["text"]):
            yield {"type": "response.output_text.delta", **place, "delta": delta, "logprobs": []}
            if said(request).startswith("break off"):
                yield {"type": "error", "code": "server_error", "message": "scripted", "param": None}
                return
        yield {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **place, "part": part}
    yield {"type": "response.output_item.done", "output_index": 0, "item": item}
    yield {"type": "response.completed", "response": whole}


def _item(request, words):
    if request.get("tools"):
        return {
            "id": "fc_far",
            "type": "function_call",
            "status": "completed",
            "call_id": "call_far",
            "name": request["tools"][0]["name"],
            "arguments": json.dumps({"said": words}),
        }
    text = json.dumps({"said": words}) if "format" in request.get("text", {}) else f"You said: {words}"
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    return {"id": "msg_far", "type": "message", "status": "completed", "role": "assistant", "content": [part]}


def _response(identity, status, output):
    return {
        "id": identity,
        "object": "response",
        "created_at": 1_700_000_000,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": "gpt-4o",
        "output": output,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "metadata": {},
        "temperature": 1.0,
        "top_p": 1.0,
        "usage": USAGE,
    }
