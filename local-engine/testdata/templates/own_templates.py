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

SYNTAX = """\
{% macro tag(name, value='none', upper=false) %}<{{ name }}>{{ value | upper if upper else value }}</{{ name }}>{% endmacro %}{{ tag('a') }}{{ tag('b', 'c', upper=true) }}{{ tag(name='d', value=messages[0].role) }}
{% macro wrap(times=2) %}{% for i in range(times) %}[{{ caller() }}]{% endfor %}{% endmacro %}{% call wrap(3) %}in{% endcall %}{% call wrap() %}{{ messages | length }}{% endcall %}
{% filter upper %}quiet {{ 'words' }}{% endfilter %} {% with a = 1, b = 'two' %}{{ a }}{{ b }}{% endwith %} {% set a, b = 1, [2, 3] %}{{ a }}{{ b }}
{% for name, (first, second) in [['x', [1, 2]], ['y', [3, 4]]] %}{{ name }}{{ first }}{{ second }}{{ loop.cycle('odd', 'even') }}{{ loop.revindex }} {% endfor %}
{% for (one, two) in [[1, 2]] %}{{ one }}{{ two }}{% endfor %}
{% for item in [[1, [2, [3]]]] recursive %}{% if item is iterable %}({{ loop(item) }}){% else %}{{ item }}{% endif %}{% endfor %}
{{ 1 + 2 * 3 - 4 }} {{ 10 - 4 - 3 }} {{ 2 * (3 + 4) }} {{ 20 / 4 / 5 }} {{ -(1 + 2) }} {{ 7 % 4 * 2 }}
{{ 'a' ~ 1 + 2 ~ 'b' }} {{ 'x' + 'y' * 2 }} {{ not true or true }} {{ not (true or true) }} {{ false and true or true }}
{{ 1 < 2 < 3 }} {{ 1 < 3 > 2 }} {{ 1 == 1 != 2 }} {{ 'a' in 'abc' and 'z' not in 'abc' }} {{ 3 is not odd }} {{ 4 is divisibleby 2 }}
{{ 'one' if false }}|{{ 'a' if false else 'b' if true else 'c' }} {{ (messages[0] or {}).role }} {{ (none or 'default')[0] }}
{{ {'a': {'b': [10, {'c': 'deep'}]}}.a.b[1].c }} {{ {'a': {'b': 2}}['a']['b'] }} {{ messages[-1]['content'][0:2] }} {{ messages[1:3] | length }}
{{ "double \\"quotes\\" and \\\\ backslash" }} {{ 'tab\\there' }} {{ "\\u00e9 \\u4eac" }} {{ '{{ not a tag }}' }} {{ "it's" }}
{{ messages | map(attribute='content') | join('; ') | replace('i', 'I') | trim | length > 3 }} {{ [3, 1, 2] | sort(reverse=true) | join }} {{ [1, 2, 3] | select('odd') | list }}
{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% if m.role == 'user' and not ns.found %}{% set ns.found = true %}{% set ns.n = loop.index %}{% endif %}{% endfor %}{{ ns.found }} {{ ns.n }}
{% set text %}{% for m in messages %}{{ m.role[0] }}{% if not loop.last %}-{% endif %}{% endfor %}{% endset %}{{ text }} {{ text | length }} {% set loud | upper %}quiet{% endset %}{{ loud }}
{% if messages | length == 0 %}none{% elif messages[0].role == 'system' and messages[0]['content'] is string %}system{% else %}other{% endif %} {% if a is undefined %}u{% endif %}
{{ range(3) | list }} {{ range(1, 10, 4) | list }} {{ dict(a=1, b='x') }} {{ [1, 2] + [3] }} {{ 'ab' * 2 ~ 'c' }} {{ [0] * 3 }} {{ (1, 2) + (3,) }}
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
        for number, line in enumerate((VALUES + SYNTAX).splitlines(), 1)
    },
    "own: white space": (WHITE_SPACE, COMMON),
    "own: strict": (STRICT, COMMON),
}
