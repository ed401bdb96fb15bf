"""Templates of our own, for what the families' templates in the folder of models do not use."""

from cases import CALL, CALL_AS_TEXT, COMMON, TURNS, WEATHER, assistant, user

TOOL_CALLS = """\
{%- macro arguments(call) -%}
    {%- if call.arguments is string -%}{{ call.arguments }}
    {%- else -%}{{ call.arguments | tojson }}{%- endif -%}
{%- endmacro -%}
{%- if tools %}
    {{- 'TOOLS\\n' }}
    {%- for tool in tools %}
        {{- loop.index ~ ' of ' ~ loop.length ~ ': ' }}
        {{- tool.function | tojson(indent=4) }}
        {{- '\\n' if not loop.last }}
    {%- endfor %}
    {{- '\\nEND\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'tool' %}
        {%- if loop.first or loop.previtem.role != 'tool' %}{{ '<results>' }}{% endif %}
        {{- '[' ~ message.content ~ ']' }}
        {%- if loop.last or loop.nextitem.role != 'tool' %}{{ '</results>\\n' }}{% endif %}
    {%- elif message.tool_calls is defined and message.tool_calls %}
        {%- for call in message.tool_calls %}
            {%- set call = call.function if call.function is defined else call %}
            {{- '<call>' + call['name'] + '(' + arguments(call) + ')</call>\\n' }}
        {%- endfor %}
    {%- else %}
        {{- message.role | upper ~ ': ' ~ message.content | default('', true) ~ '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ 'ASSISTANT: ' }}{% endif %}
"""

THINKING_HISTORY = """\
{%- set ns = namespace(last=-1, open=true) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages | length - 1) - loop.index0 %}
    {%- if ns.open and message.role == 'user' and not (message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set ns.open = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set thought = '' %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.reasoning_content is string %}
        {%- set thought = message.reasoning_content %}
    {%- elif '</think>' in content %}
        {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {{- message.role }}
    {%- if loop.index0 > ns.last - 3 and thought %} thinks {{ thought.strip('.') | capitalize }}{%- endif %}
    {{- ' says ' ~ content }}
{% endfor %}
{%- if enable_thinking is defined and not enable_thinking %}no thinking{% elif enable_thinking | default(false) %}thinking{% else %}as it likes{% endif %}
"""

PARTS = """\
{%- for message in messages -%}
{%- if message.content is string -%}
{{ message.content }}
{%- elif message.content is mapping -%}
{{ message.content.items() | list | length }}
{%- elif message.content is iterable -%}
{%- for part in message.content | selectattr('type', 'equalto', 'text') -%}{{ part.text }}|{%- endfor -%}
{{ message.content | map(attribute='type') | join(', ') }}
{%- else -%}nothing{%- endif -%};
{%- endfor -%}
"""

VALUES = """\
{{ tools[0].function.name }} {{ messages }}
{{ [1, 2.0, 2.5, true, none, 'a"b', "a'b", 'é\\n'] }} {{ (1, 2) }} {{ (1,) }}
{{ {} }} {{ [] }}
{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }}
{{ 7 / 2 }} {{ 4 / 2 }} {{ 2 ** 10 }}
{{ 1 == 1.0 }} {{ 'a' * 3 }}
{{ 'x' ~ 1 ~ true ~ none ~ [1, 'a'] }} {{ '{} and {}'.format(1, 'b') }}
{{ 'a,b,,c'.split(',') }} {{ 'Hello World'.title() }} {{ 'hello'.find('l') }} {{ 'x-y'.replace('-', '+') }}
{{ 'abc'[1:] }} {{ 'abc'[-1] }} {{ [1, 2, 3][::-1] }}
{{ [3, 1, 2] | sort | first }} {{ [1, 2, 3] | sum }}
{{ {'b': 1, 'a': 2} | tojson }} {{ {'b': 1, 'a': 2}.keys() | list }} {{ {'a': 1}.get('z', 'dflt') }}
{{ 1.0 | int }} {{ '3' | int + 1 }}
{% for key, value in {'b': 1, 'a': {'c': [true, none]}}.items() %} {{ key }}={{ value }}{% endfor %}
{% for key, value in {'b': 1, 'a': 2} | dictsort %} {{ key }}={{ value }}{% endfor %}
{% for value in [1, 2, 3, 4] if value is even %} {{ value }}{% else %} none{% endfor %}
{% for value in range(10) %}{% if value == 2 %}{% continue %}{% endif %}{% if value > 4 %}{% break %}{% endif %} {{ value }}{% endfor %}
{% set block %}  in a block {{ 1 + 1 }} {% endset %}[{{ block | trim }}] {{ undefined_name }}{{ undefined_name is defined }} {{ 'b' in 'abc' }} {{ 'z' not in ['a'] }}
{{ 'a b  c'.split() }} {{ '  x '.strip() }}| {{ 'A'.lower() ~ 'b'.upper() }} {{ 'abcabc'.count('b') }}
{{ 'x'.join(['1', '2']) }} {{ 'ab'.isalpha() }} {{ '12'.isdigit() }}
{{ messages | length }} {{ messages | map(attribute='role') | list }} {{ messages | rejectattr('role', 'equalto', 'user') | list | length }} {{ 'q' if messages | length > 100 else 'few' }}
{{ 'x' | indent(2, true) }} {{ [[1, 2], [3]] | map('length') | list }}
{{ ['a', 'b', 'a'] | unique | list }} {{ 3.14159 | round(2) }} {{ 'a\\nb'.splitlines() }}
"""

WHITE_SPACE = """\
<{% for message in messages %}
  {% if message.role == 'user' %}
  U: {{ message.content }}
  {% else %}
  O: {{ message.content }}
  {%- endif %}

{% endfor %}>
{# a comment #}
  {# an indented one -#}
 tail {%+ if true %} kept {% endif +%}
{% raw %}{{ not a value }}{% endraw %}
{% generation %}
 marked {% endgeneration %}
end
"""

STRICT = """\
{%- if not messages or messages[0].role == 'assistant' -%}
{{ raise_exception('A conversation starts with the user') }}
{%- endif -%}
{%- for message in messages -%}
{%- if message.role not in ['system', 'user', 'assistant'] -%}{{ raise_exception('No role ' + message.role) }}{%- endif -%}
{{ message['content'] | trim }}{{ eos_token }}
{%- endfor -%}
"""

PARTS_CASES = [
    {
        "name": "parts of several types",
        "messages": [
            user([{"type": "text", "text": "What is"}, {"type": "image"}, {"type": "text", "text": "this?"}]),
            assistant(None),
            user({"a": 1, "b": 2}),
        ],
    },
]

ALL = {
    "own: tool calls": (
        TOOL_CALLS,
        COMMON
        + [
            {
                "name": "arguments as text",
                "messages": [user("Rain?"), assistant("", tool_calls=[CALL, CALL_AS_TEXT])],
            },
        ],
    ),
    "own: thinking history": (THINKING_HISTORY, COMMON),
    "own: parts": (PARTS, COMMON + PARTS_CASES),
    **{
        f"own: values, line {number}": (line, [{"name": "values", "messages": TURNS, "tools": [WEATHER]}])
        for number, line in enumerate(VALUES.splitlines(), 1)
    },
    "own: white space": (WHITE_SPACE, COMMON),
    "own: strict": (STRICT, COMMON),
}
