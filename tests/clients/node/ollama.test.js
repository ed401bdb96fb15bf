// The unmodified Ollama client.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ollama } from "ollama";

import { ADDRESS, MODEL, ROOT, SAID, SCHEMA, collect, failure } from "./harness.js";

const client = new Ollama({ host: ROOT });
const messages = [{ role: "user", content: SAID }];
const tools = [{ type: "function", function: { name: "echo", description: "Says it back", parameters: SCHEMA } }];

/** The messages of an answer, whole or in lines. */
async function chat(wanted) {
  const answer = await client.chat({ model: MODEL, messages, ...wanted });
  return wanted.stream ? (await collect(answer)).map((line) => line.message) : [answer.message];
}

for (const stream of [false, true]) {
  const how = stream ? "streamed" : "whole";

  test(`chat, ${how}`, async () => {
    const said = (await chat({ stream })).map((message) => message.content).join("");
    assert.equal(said, `You said: ${SAID}`);
  });

  test(`generate, ${how}`, async () => {
    const answer = await client.generate({ model: MODEL, prompt: SAID, stream });
    const lines = stream ? await collect(answer) : [answer];
    assert.equal(lines.map((line) => line.response).join(""), `You said: ${SAID}`);
    assert.ok(lines.at(-1).done);
  });

  test(`tools, ${how}`, async () => {
    const said = await chat({ stream, tools });
    const called = said.find((message) => message.tool_calls?.length);
    const [{ function: call }] = called.tool_calls;
    assert.deepEqual([call.name, call.arguments], ["echo", { said: SAID }]);

    // The conversation goes on with the client's own objects.
    const result = { role: "tool", tool_name: "echo", content: JSON.stringify({ to: ADDRESS }) };
    const turns = [...messages, called, result, { role: "user", content: "Thanks" }];
    assert.equal((await chat({ messages: turns }))[0].content, "You said: Thanks");
  });

  test(`structured output, ${how}`, async () => {
    const said = (await chat({ stream, format: SCHEMA })).map((message) => message.content).join("");
    assert.deepEqual(JSON.parse(said), { said: SAID });
  });

  test(`local, ${how}`, async () => {
    const wanted = { model: "nearside-tiny", messages, stream, options: { num_predict: 8 } };
    const answer = await client.chat(wanted);
    const last = stream ? (await collect(answer)).at(-1) : answer;
    assert.ok(last.done && ["stop", "length"].includes(last.done_reason));
    assert.ok(last.eval_count > 0 && last.prompt_eval_count > 0);
  });

  for (const status of [400, 404]) {
    test(`a provider's refusal: ${status}, ${how}`, async () => {
      const error = await failure(chat({ stream, messages: [{ role: "user", content: `status ${status}` }] }));
      assert.deepEqual([error.status_code, error.error], [status, `scripted ${status}`]);
    });
  }
}

test("a model that nobody has", async () => {
  const error = await failure(chat({ model: "llama-none" }));
  assert.equal(error.status_code, 404);
});

test("a client that leaves", async () => {
  const stream = await client.chat({ model: MODEL, messages: [{ role: "user", content: "never stop" }], stream: true });
  const leave = async () => {
    for await (const _ of stream) stream.abort();
  };
  assert.equal((await failure(leave())).name, "AbortError");
});

test("models", async () => {
  const models = (await client.list()).models.map((model) => model.model);
  assert.deepEqual(models.sort(), ["auto:latest", `${MODEL}:latest`, "nearside-tiny:latest"].sort());
  assert.ok((await client.show({ model: "nearside-tiny" })).capabilities.includes("completion"));
  assert.match((await client.version()).version, /^\d+\.\d+\.\d+/);
});

test("local embeddings", async () => {
  const { embeddings } = await client.embed({ model: "embedder", input: ["Ann", "Bern"] });
  assert.deepEqual(embeddings.map((vector) => vector.length), [8, 8]);
});
