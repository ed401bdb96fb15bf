"""Unmodified frameworks on top of the SDKs, pointed at the gateway: each with upstreams of two APIs, and the local model.

They check answers more strictly than the SDKs do, and ask in other ways: LangChain, LlamaIndex, LiteLLM, instructor,
pydantic-ai.
"""

import os

# It reads its list of prices from a file of its own, not from the network.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import instructor
import litellm
import openai
import pydantic
import pydantic_ai
import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_ollama import ChatOllama, OllamaEmbeddings
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

ADDRESS = "ada.quill@example.com"
SAID = f"Write to {ADDRESS}, please"
ANSWER = f"You said: {SAID}"
OPENAI_LIKE = ["openai", "anthropic"]


class Said(pydantic.BaseModel):
    """What was said."""

    said: str


def echo(said: str) -> str:
    """Says it back."""
    return said


@pytest.fixture
def upstream(request, upstreams):
    """The upstream of the API that the test names; nothing that it must not see may reach it."""
    upstream = upstreams(request.param)
    before = len(upstream.provider.bodies)
    yield upstream
    crossed = b"".join(upstream.provider.bodies[before:]).decode()
    assert ADDRESS not in crossed


def through(*apis):
    return pytest.mark.parametrize("upstream", apis, indirect=True)


LANGCHAIN = {
    "ChatOpenAI": lambda root, model: ChatOpenAI(
        base_url=f"{root}/v1", api_key="k", model=model, max_retries=0, max_tokens=64, stream_usage=True
    ),
    "ChatOpenAI with responses": lambda root, model: ChatOpenAI(
        base_url=f"{root}/v1", api_key="k", model=model, max_retries=0, max_tokens=64, use_responses_api=True
    ),
    "ChatAnthropic": lambda root, model: ChatAnthropic(
        base_url=root, api_key="k", model=model, max_retries=0, max_tokens=64
    ),
    "ChatOllama": lambda root, model: ChatOllama(base_url=root, model=model, num_predict=64),
}


@pytest.fixture(params=LANGCHAIN)
def langchain(request):
    return LANGCHAIN[request.param]


class TestLangChain:
    @through("openai", "anthropic", "ollama")
    def test_plain(self, langchain, upstream):
        answer = langchain(upstream.root, upstream.model).invoke(SAID)
        assert answer.text == ANSWER
        assert answer.usage_metadata["output_tokens"] == 5

    @through("openai", "anthropic", "ollama")
    def test_stream(self, langchain, upstream):
        chunks = list(langchain(upstream.root, upstream.model).stream(SAID))
        assert "".join(chunk.text for chunk in chunks) == ANSWER

    @through("openai", "anthropic", "ollama")
    @pytest.mark.parametrize("stream", [False, True])
    def test_tools(self, langchain, upstream, stream):
        model = langchain(upstream.root, upstream.model)
        bound = model.bind_tools([echo])
        if stream:
            first, *rest = bound.stream(SAID)
            answer = sum(rest, first)
        else:
            answer = bound.invoke(SAID)
        [call] = answer.tool_calls
        assert (call["name"], call["args"]) == ("echo", {"said": SAID})

        turns = [HumanMessage(SAID), answer, ToolMessage(ADDRESS, tool_call_id=call["id"]), HumanMessage("Thanks")]
        assert model.invoke(turns).text == "You said: Thanks"

    @through("openai", "anthropic", "ollama")
    def test_structured_output(self, langchain, upstream):
        model = langchain(upstream.root, upstream.model).with_structured_output(Said, method="json_schema")
        assert model.invoke(SAID) == Said(said=SAID)

    @through(*OPENAI_LIKE)  # Ollama can't make a model call a tool.
    def test_a_demanded_call(self, langchain, upstream):
        model = langchain(upstream.root, upstream.model).with_structured_output(Said, method="function_calling")
        assert model.invoke(SAID) == Said(said=SAID)

    @through("openai")
    def test_local(self, langchain, upstream):
        model = langchain(upstream.root, "nearside-tiny")
        assert model.invoke(SAID).usage_metadata["output_tokens"] > 0
        first, *rest = model.stream(SAID)
        assert sum(rest, first).usage_metadata["output_tokens"] > 0


class TestLangChainEmbeddings:
    @through("openai")
    def test_far(self, upstream):
        # Otherwise it sends token ids, which nobody can look through.
        model = OpenAIEmbeddings(
            base_url=f"{upstream.root}/v1", api_key="k", model=upstream.model, check_embedding_ctx_length=False
        )
        assert model.embed_query(SAID) == [float(len("Write to [EMAIL_1], please"))]

    @through("openai")
    def test_local(self, upstream):
        openai_like = OpenAIEmbeddings(
            base_url=f"{upstream.root}/v1", api_key="k", model="embedder", check_embedding_ctx_length=False
        )
        ollama_like = OllamaEmbeddings(base_url=upstream.root, model="embedder")
        several = openai_like.embed_documents(["Ann", "Bern"])
        assert [len(vector) for vector in several] == [8, 8]
        assert ollama_like.embed_query("Ann") == pytest.approx(several[0], abs=1e-5)


class TestLlamaIndex:
    @staticmethod
    def model(root, model):
        return OpenAILike(
            api_base=f"{root}/v1",
            api_key="k",
            model=model,
            is_chat_model=True,
            is_function_calling_model=True,
            max_retries=0,
            max_tokens=64,
        )

    @through(*OPENAI_LIKE)
    def test_chat(self, upstream):
        model = self.model(upstream.root, upstream.model)
        messages = [ChatMessage(role="user", content=SAID)]
        assert model.chat(messages).message.content == ANSWER
        assert list(model.stream_chat(messages))[-1].message.content == ANSWER

    @through("openai")
    def test_local(self, upstream):
        model = self.model(upstream.root, "local")
        assert model.chat([ChatMessage(role="user", content="Hello")]).raw.usage.completion_tokens > 0
        assert list(model.stream_chat([ChatMessage(role="user", content="Hello")]))


LITELLM = {
    "openai": lambda root: {"api_base": f"{root}/v1", "api_key": "k"},
    "anthropic": lambda root: {"api_base": root, "api_key": "k"},
    "ollama_chat": lambda root: {"api_base": root},
}


@pytest.mark.parametrize("dialect", LITELLM)
class TestLiteLlm:
    @staticmethod
    def ask(dialect, root, model, **options):
        messages = [{"role": "user", "content": SAID}]
        where = LITELLM[dialect](root)
        return litellm.completion(
            model=f"{dialect}/{model}", messages=messages, max_tokens=64, num_retries=0, **where, **options
        )

    @through("openai", "anthropic", "ollama")
    def test_plain(self, upstream, dialect):
        answer = self.ask(dialect, upstream.root, upstream.model)
        assert answer.choices[0].message.content == ANSWER
        assert answer.usage.completion_tokens == 5

    @through("openai", "anthropic", "ollama")
    def test_stream(self, upstream, dialect):
        chunks = list(self.ask(dialect, upstream.root, upstream.model, stream=True))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ANSWER

    @through("openai", "anthropic", "ollama")
    def test_tools(self, upstream, dialect):
        schema = {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}
        tool = {"type": "function", "function": {"name": "echo", "parameters": schema}}
        answer = self.ask(dialect, upstream.root, upstream.model, tools=[tool])
        [call] = answer.choices[0].message.tool_calls
        assert Said.model_validate_json(call.function.arguments) == Said(said=SAID)

    @through("openai")
    def test_a_model_that_nobody_has(self, upstream, dialect):
        with pytest.raises((litellm.NotFoundError, litellm.APIConnectionError)) as raised:
            self.ask(dialect, upstream.root, "none")
        assert "not exist" in str(raised.value) or "not found" in str(raised.value)

    @through("openai")
    @pytest.mark.parametrize("stream", [False, True])
    def test_local(self, upstream, dialect, stream):
        answer = self.ask(dialect, upstream.root, "nearside-tiny", stream=stream)
        choice = list(answer)[-1].choices[0] if stream else answer.choices[0]
        assert choice.finish_reason in ("stop", "length")


class TestLiteLlmWithResponses:
    @through(*OPENAI_LIKE)
    @pytest.mark.parametrize("stream", [False, True])
    def test_far_and_local(self, upstream, stream):
        for model in (upstream.model, "local"):
            where = {"api_base": f"{upstream.root}/v1", "api_key": "k"}
            answer = litellm.responses(
                model=f"openai/{model}", input=SAID, max_output_tokens=64, stream=stream, **where
            )
            whole = list(answer)[-1].response if stream else answer
            assert whole.status in ("completed", "incomplete")
            said = whole.output[0].content[0].text
            assert said == ANSWER or model == "local"


class TestInstructor:
    MODES = (instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA)

    @staticmethod
    def create(root, model, mode, form):
        client = instructor.from_openai(openai.OpenAI(base_url=f"{root}/v1", api_key="k", max_retries=0), mode=mode)
        messages = [{"role": "user", "content": SAID}]
        return client.create(model=model, messages=messages, response_model=form, max_retries=0, max_tokens=64)

    @through(*OPENAI_LIKE)
    @pytest.mark.parametrize("mode", MODES)
    def test_structured_output(self, upstream, mode):
        assert self.create(upstream.root, upstream.model, mode, Said).said == SAID

    @through("openai")
    @pytest.mark.parametrize("mode", MODES)
    def test_local(self, upstream, mode):
        class Number(pydantic.BaseModel):
            n: bool

        assert self.create(upstream.root, "local", mode, Number).n in (True, False)


@pytest.mark.parametrize("dialect", [OpenAIChatModel, OpenAIResponsesModel])
class TestPydanticAi:
    @staticmethod
    def agent(dialect, root, model, **options):
        provider = OpenAIProvider(base_url=f"{root}/v1", api_key="k")
        return pydantic_ai.Agent(dialect(model, provider=provider), retries=0, **options)

    @through(*OPENAI_LIKE)
    def test_plain_and_stream(self, upstream, dialect):
        agent = self.agent(dialect, upstream.root, upstream.model)
        assert agent.run_sync(SAID).output == ANSWER
        streamed = agent.run_stream_sync(SAID)
        assert streamed.get_output() == ANSWER

    @through(*OPENAI_LIKE)
    def test_structured_output(self, upstream, dialect):
        agent = self.agent(dialect, upstream.root, upstream.model, output_type=Said)
        assert agent.run_sync(SAID).output == Said(said=SAID)

    @through("openai")
    def test_local(self, upstream, dialect):
        answer = self.agent(dialect, upstream.root, "local").run_sync("Hello", model_settings={"max_tokens": 16})
        assert answer.output
