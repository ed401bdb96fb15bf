"""What every template is given."""


def user(content):
    return {"role": "user", "content": content}


def assistant(content, **rest):
    return {"role": "assistant", "content": content, **rest}


def system(content):
    return {"role": "system", "content": content}


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place, in \"plain\" words & °C <now>",
        "parameters": {
            "type": "object",
            "properties": {
                "place": {"type": "string", "description": "Ort, 場所"},
                "days": {"type": "integer", "minimum": 1, "default": None},
                "exact": {"type": "boolean", "default": False},
                "scale": {"type": "number", "enum": [0.5, 1.0, 1e-07, 100000]},
            },
            "required": ["place"],
        },
    },
}

CALL = {
    "type": "function",
    "id": "call_1",
    "function": {"name": "weather", "arguments": {"place": "Zürich", "days": 2, "exact": True}},
}

CALL_AS_TEXT = {
    "type": "function",
    "id": "call_2",
    "function": {"name": "weather", "arguments": '{"place": "Bern"}'},
}

TOOL_TURNS = [
    user("Will it rain?"),
    assistant("", tool_calls=[CALL]),
    {"role": "tool", "tool_call_id": "call_1", "name": "weather", "content": "{\"rain\": 0.25}"},
    {"role": "tool", "tool_call_id": "call_2", "name": "weather", "content": "sunny"},
    assistant("Perhaps."),
    user("And then?"),
]

THINKING = [
    user("2 + 2?"),
    assistant("<think>\nTwo and two.\n</think>\n\n4"),
    user("And 3?"),
    assistant("7", reasoning_content="Four and three."),
    user("Sure?"),
]

TURNS = [system("Be brief."), user("Hi!"), assistant("Hello."), user("Bye?")]

COMMON = [
    {"name": "one turn", "messages": [user("Hi!")]},
    {"name": "turns with a system message", "messages": TURNS},
    {"name": "no opening", "messages": TURNS[:3], "add_generation_prompt": False},
    {"name": "unicode", "messages": [user("Grüße, 東京 🙂\u200d\u0301 \u2028 \"'<&>\\ \t\r\n end ")]},
    {"name": "empty content", "messages": [system(""), user(""), assistant(""), user(" \n ")]},
    {"name": "content parts", "messages": [user([{"type": "text", "text": "Hi"}])]},
    {"name": "no content", "messages": [user("Hi"), assistant(None, tool_calls=[CALL]), user("Go on")]},
    {"name": "two users in a row", "messages": [user("One"), user("Two")]},
    {"name": "unknown role", "messages": [user("One"), {"role": "critic", "content": "Bah"}]},
    {"name": "role missing", "messages": [{"content": "One"}]},
    {"name": "tools", "messages": TURNS, "tools": [WEATHER]},
    {"name": "tools without system message", "messages": [user("Rain?")], "tools": [WEATHER, WEATHER]},
    {"name": "tool calls and results", "messages": TOOL_TURNS, "tools": [WEATHER]},
    {"name": "thinking in the history", "messages": THINKING},
    {"name": "thinking on", "messages": THINKING[:1], "variables": {"enable_thinking": True}},
    {"name": "thinking off", "messages": THINKING[:1], "variables": {"enable_thinking": False}},
]
