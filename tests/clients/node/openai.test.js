// The unmodified OpenAI client.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";

import { ADDRESS, API, MODEL, ROOT, SAID, SCHEMA, collect, failure } from "./harness.js";

const client = new OpenAI({ baseURL: `${ROOT}/v1`, apiKey: "client-key", maxRetries: 0 });
const messages = [{ role: "user", content: SAID }];
const tools = [{ type: "function", function: { name: "echo", description: "Says it back", parameters: SCHEMA } }];

const ask = (content, options = {}) =>
  client.chat.completions.create({ model: MODEL, messages: [{ role: "user", content }], ...options });

test("plain", async () => {
  const answer = await ask(SAID);
  assert.equal(answer.choices[0].message.content, `You said: ${SAID}`);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.equal(answer.usage.total_tokens, 12);
});

test("stream", async () => {
  const chunks = await collect(await ask(SAID, { stream: true, stream_options: { include_usage: true } }));
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
  assert.equal(text, `You said: ${SAID}`);
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.total_tokens, 12);
});

test("stream helper", async () => {
  const completion = await client.chat.completions.stream({ model: MODEL, messages }).finalChatCompletion();
  assert.equal(completion.choices[0].message.content, `You said: ${SAID}`);
});

for (const stream of [false, true]) {
  test(`tools, ${stream ? "streamed" : "whole"}`, async () => {
    const message = stream
      ? await client.chat.completions.stream({ model: MODEL, messages, tools }).finalMessage()
      : (await ask(SAID, { tools })).choices[0].message;
    const [call] = message.tool_calls;
    assert.equal(call.function.name, "echo");
    assert.deepEqual(JSON.parse(call.function.arguments), { said: SAID });

    // The conversation goes on with the client's own objects.
    const result = { role: "tool", tool_call_id: call.id, content: JSON.stringify({ to: ADDRESS }) };
    const turns = [...messages, message, result, { role: "user", content: "Thanks" }];
    const answer = await client.chat.completions.create({ model: MODEL, messages: turns });
    assert.equal(answer.choices[0].message.content, "You said: Thanks");
  });
}

test("a tool runner", async () => {
  const heard = [];
  const said = (args) => {
    heard.push(args.said);
    return "done";
  };
  const echo = { name: "echo", parse: JSON.parse, function: said, parameters: SCHEMA };
  const runner = client.chat.completions.runTools(
    { model: MODEL, messages, tools: [{ type: "function", function: echo }] },
    { maxChatCompletions: 1 },
  );
  await runner.done();
  assert.deepEqual(heard, [SAID]);
});

test("structured output", async () => {
  const response_format = zodResponseFormat(z.object({ said: z.string() }), "said");
  const answer = await client.chat.completions.parse({ model: MODEL, messages, response_format });
  assert.deepEqual(answer.choices[0].message.parsed, { said: SAID });
});

for (const [status, kind] of [
  [400, OpenAI.BadRequestError],
  [401, OpenAI.AuthenticationError],
  [403, OpenAI.PermissionDeniedError],
  [404, OpenAI.NotFoundError],
  [422, OpenAI.UnprocessableEntityError],
]) {
  test(`a provider's refusal: ${status}`, async () => {
    for (const stream of [false, true]) {
      const error = await failure(ask(`status ${status}`, { stream }));
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, new RegExp(`scripted ${status}`));
    }
  });
}

test("a model that nobody has", async () => {
  const error = await failure(client.chat.completions.create({ model: "gpt-none", messages }));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.deepEqual([error.code, error.param], ["model_not_found", "model"]);
});

test("a client that leaves", async () => {
  const stream = await ask("never stop", { stream: true });
  for await (const _ of stream) break;
  assert.ok(stream.controller.signal.aborted);
});

test("models", async () => {
  const models = (await collect(client.models.list())).map((model) => model.id);
  assert.deepEqual(models, ["auto", "nearside-tiny", MODEL, "embedder"]);
  assert.equal((await client.models.retrieve(MODEL)).owned_by, "far");
});

test("local", async () => {
  const { data, response } = await ask(SAID, { model: "local", max_tokens: 8 }).withResponse();
  assert.equal(response.headers.get("x-nearside-route"), "local");
  assert.ok(data.usage.completion_tokens > 0);
  const chunks = await collect(await ask(SAID, { model: "local", max_tokens: 8, stream: true }));
  assert.ok(["stop", "length"].includes(chunks.at(-1).choices[0].finish_reason));
});

test("local structured output", async () => {
  const response_format = zodResponseFormat(z.object({ n: z.literal([1, 2]) }), "number");
  const wanted = { model: "local", messages, response_format, max_tokens: 64 };
  const answer = await client.chat.completions.parse(wanted);
  assert.ok([1, 2].includes(answer.choices[0].message.parsed.n));
});

for (const tool_choice of ["required", { type: "function", function: { name: "pick" } }]) {
  test(`a local call, ${tool_choice.type ?? tool_choice}`, async () => {
    const parameters = { type: "object", properties: { n: { enum: [1, 2] } }, required: ["n"], additionalProperties: false };
    const pick = { type: "function", function: { name: "pick", parameters } };
    const wanted = { model: "local", messages, tools: [pick], tool_choice, max_tokens: 64 };
    const [call] = (await client.chat.completions.create(wanted)).choices[0].message.tool_calls;
    assert.ok([1, 2].includes(JSON.parse(call.function.arguments).n));
    const message = await client.chat.completions.stream(wanted).finalMessage();
    assert.equal(message.tool_calls[0].function.name, "pick");
  });
}

test("prompts", { skip: API !== "openai" && "no server of this API stands behind" }, async () => {
  const whole = await client.completions.create({ model: MODEL, prompt: SAID });
  assert.equal(whole.choices[0].text, `You said: ${SAID}`);
  const chunks = await collect(await client.completions.create({ model: MODEL, prompt: SAID, stream: true }));
  assert.equal(chunks.map((chunk) => chunk.choices[0].text).join(""), `You said: ${SAID}`);
});

test("local prompts", async () => {
  const wanted = { model: "local", prompt: "Once", echo: true, max_tokens: 8 };
  assert.ok((await client.completions.create(wanted)).choices[0].text.startsWith("Once"));
  const chunks = await collect(await client.completions.create({ ...wanted, stream: true }));
  assert.ok(chunks[0].choices[0].text.startsWith("Once"));
});

test("embeddings", { skip: API !== "openai" && "no server of this API stands behind" }, async () => {
  const { data } = await client.embeddings.create({ model: MODEL, input: SAID });
  assert.deepEqual(data[0].embedding, ["Write to [EMAIL_1], please".length]);
});

test("local embeddings", async () => {
  const { data } = await client.embeddings.create({ model: "embedder", input: ["Ann", "Bern"] });
  assert.deepEqual(data.map(({ embedding }) => embedding.length), [8, 8]);
});
