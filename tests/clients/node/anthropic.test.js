// The unmodified Anthropic client.

import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";

import { ADDRESS, API, MODEL, ROOT, SAID, SCHEMA, collect, failure } from "./harness.js";

const client = new Anthropic({ baseURL: ROOT, apiKey: "client-key", maxRetries: 0 });
const messages = [{ role: "user", content: SAID }];
const tools = [{ name: "echo", description: "Says it back", input_schema: SCHEMA }];

const asked = (content, options = {}) => ({
  model: MODEL,
  max_tokens: 64,
  messages: [{ role: "user", content }],
  ...options,
});
const ask = (content, options) => client.messages.create(asked(content, options));

test("plain", async () => {
  const answer = await ask(SAID, { system: "Be brief.", stop_sequences: ["END"] });
  assert.deepEqual([answer.content[0].text, answer.stop_reason], [`You said: ${SAID}`, "end_turn"]);
  assert.deepEqual([answer.usage.input_tokens, answer.usage.output_tokens], [7, 5]);
});

test("stream", async () => {
  const events = await collect(await ask(SAID, { stream: true }));
  const deltas = events.filter((event) => event.type === "content_block_delta");
  assert.equal(deltas.map((event) => event.delta.text).join(""), `You said: ${SAID}`);
  assert.deepEqual([events[0].type, events.at(-1).type], ["message_start", "message_stop"]);
});

test("stream helper", async () => {
  const message = await client.messages.stream(asked(SAID)).finalMessage();
  assert.deepEqual([message.content[0].text, message.stop_reason], [`You said: ${SAID}`, "end_turn"]);
  assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [7, 5]);
});

for (const stream of [false, true]) {
  test(`tools, ${stream ? "streamed" : "whole"}`, async () => {
    const wanted = asked(SAID, { tools, tool_choice: { type: "any" } });
    const answer = await (stream ? client.messages.stream(wanted).finalMessage() : client.messages.create(wanted));
    const call = answer.content.at(-1);
    assert.deepEqual([call.type, call.name, call.input], ["tool_use", "echo", { said: SAID }]);
    assert.equal(answer.stop_reason, "tool_use");

    // The conversation goes on with the client's own objects.
    const result = { type: "tool_result", tool_use_id: call.id, content: JSON.stringify({ to: ADDRESS }) };
    const turns = [
      ...messages,
      { role: "assistant", content: answer.content },
      { role: "user", content: [result] },
      { role: "user", content: "Thanks" },
    ];
    assert.equal((await ask("", { messages: turns })).content[0].text, "You said: Thanks");
  });
}

test("structured output", async () => {
  const answer = await ask(SAID, { output_config: { format: { type: "json_schema", schema: SCHEMA } } });
  assert.deepEqual(JSON.parse(answer.content[0].text), { said: SAID });
});

for (const [status, kind] of [
  [400, Anthropic.BadRequestError],
  [401, Anthropic.AuthenticationError],
  [403, Anthropic.PermissionDeniedError],
  [404, Anthropic.NotFoundError],
  [422, Anthropic.UnprocessableEntityError],
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
  const error = await failure(ask(SAID, { model: "claude-none" }));
  assert.ok(error instanceof Anthropic.NotFoundError);
  assert.equal(error.error.error.type, "not_found_error");
});

test("a client that leaves", async () => {
  const stream = await ask("never stop", { stream: true });
  for await (const _ of stream) break;
  assert.ok(stream.controller.signal.aborted);
});

test("models", async () => {
  const models = (await collect(client.models.list())).map((model) => model.id);
  assert.deepEqual(models, ["auto", "nearside-tiny", MODEL, "embedder"]);
  assert.equal((await client.models.retrieve(MODEL)).display_name, MODEL);
});

test("counting tokens", async () => {
  const counted = await client.messages.countTokens({ model: MODEL, messages, tools });
  if (API === "anthropic") assert.equal(counted.input_tokens, 14);
  else assert.ok(counted.input_tokens > 0);
});

for (const stream of [false, true]) {
  test(`local, ${stream ? "streamed" : "whole"}`, async () => {
    const wanted = asked(SAID, { model: "local", max_tokens: 8 });
    const answer = await (stream ? client.messages.stream(wanted).finalMessage() : client.messages.create(wanted));
    assert.equal(answer.model, "nearside-tiny");
    assert.ok(["end_turn", "max_tokens"].includes(answer.stop_reason));
    assert.ok(answer.usage.input_tokens > 0 && answer.usage.output_tokens > 0);
  });
}

test("a local call", async () => {
  const input_schema = { type: "object", properties: { n: { enum: [1, 2] } }, required: ["n"], additionalProperties: false };
  const wanted = { model: "local", tools: [{ name: "pick", input_schema }], tool_choice: { type: "tool", name: "pick" } };
  const whole = await ask(SAID, wanted);
  const streamed = await client.messages.stream(asked(SAID, wanted)).finalMessage();
  for (const { content, stop_reason } of [whole, streamed]) {
    assert.equal(stop_reason, "tool_use");
    assert.ok([1, 2].includes(content.at(-1).input.n));
  }
});
