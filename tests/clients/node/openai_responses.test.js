// The unmodified OpenAI client and its Responses API.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

import { ADDRESS, MODEL, ROOT, SAID, SCHEMA, collect, failure } from "./harness.js";

const client = new OpenAI({ baseURL: `${ROOT}/v1`, apiKey: "client-key", maxRetries: 0 });
const tools = [{ type: "function", name: "echo", description: "Says it back", parameters: SCHEMA, strict: true }];

const ask = (input, options = {}) => client.responses.create({ model: MODEL, input, ...options });

test("plain", async () => {
  const answer = await ask(SAID, { instructions: `I am ${ADDRESS}.` });
  assert.equal(answer.output_text, `You said: ${SAID}`);
  assert.deepEqual([answer.status, answer.usage.total_tokens], ["completed", 12]);
});

test("stream", async () => {
  const events = await collect(await ask(SAID, { stream: true }));
  assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
  const deltas = events.filter((event) => event.type === "response.output_text.delta");
  assert.equal(deltas.map((event) => event.delta).join(""), `You said: ${SAID}`);
  assert.equal(events.find((event) => event.type === "response.output_text.done").text, `You said: ${SAID}`);
  assert.deepEqual([events[0].type, events.at(-1).type], ["response.created", "response.completed"]);
});

test("stream helper", async () => {
  for (const model of [MODEL, "local"]) {
    const stream = client.responses.stream({ model, input: SAID, max_output_tokens: 64 });
    let text = "";
    stream.on("response.output_text.delta", ({ delta }) => (text += delta));
    const answer = await stream.finalResponse();
    assert.equal(answer.output_text, text);
  }
});

for (const stream of [false, true]) {
  test(`tools, ${stream ? "streamed" : "whole"}`, async () => {
    const wanted = { model: MODEL, input: SAID, tools };
    const answer = stream
      ? await client.responses.stream(wanted).finalResponse()
      : await client.responses.create(wanted);
    const [call] = answer.output;
    assert.deepEqual([call.type, call.name], ["function_call", "echo"]);
    assert.deepEqual(JSON.parse(call.arguments), { said: SAID });

    // The conversation goes on with the client's own objects.
    const result = { type: "function_call_output", call_id: call.call_id, output: `Sent to ${ADDRESS}` };
    const thanks = { role: "user", content: "Thanks" };
    const next = await ask([{ role: "user", content: SAID }, ...answer.output, result, thanks]);
    assert.equal(next.output_text, "You said: Thanks");
  });
}

test("structured output", async () => {
  const text = { format: zodTextFormat(z.object({ said: z.string() }), "said") };
  const answer = await client.responses.parse({ model: MODEL, input: SAID, text });
  assert.deepEqual(answer.output_parsed, { said: SAID });
});

test("going on from an answer", async () => {
  const first = await ask(SAID);
  const second = await ask("To whom?", { previous_response_id: first.id });
  assert.match(second.output_text, /^You said: To whom\?/);
  const error = await failure(ask("And?", { previous_response_id: "resp_unknown" }));
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.deepEqual([error.code, error.param], ["previous_response_not_found", "previous_response_id"]);
});

test("an answer by its id", async () => {
  assert.ok((await failure(client.responses.retrieve("resp_1"))) instanceof OpenAI.NotFoundError);
  assert.ok((await failure(client.responses.delete("resp_1"))) instanceof OpenAI.NotFoundError);
});

test("a provider's refusal", async () => {
  for (const stream of [false, true]) {
    const error = await failure(ask("status 401", { stream }));
    assert.ok(error instanceof OpenAI.AuthenticationError, String(error));
    assert.match(error.message, /scripted 401/);
  }
});

test("a client that leaves", async () => {
  const stream = await ask("never stop", { stream: true });
  for await (const _ of stream) break;
  assert.ok(stream.controller.signal.aborted);
});

test("local", async () => {
  const { data, response } = await ask(SAID, { model: "local", max_output_tokens: 8 }).withResponse();
  assert.equal(response.headers.get("x-nearside-route"), "local");
  assert.ok(data.usage.output_tokens > 0);
  const next = await ask("Again", { model: "local", max_output_tokens: 8, previous_response_id: data.id });
  assert.ok(next.usage.input_tokens > data.usage.input_tokens);
});

test("local structured output", async () => {
  const text = { format: zodTextFormat(z.object({ n: z.literal([1, 2]) }), "number") };
  const answer = await client.responses.parse({ model: "local", input: SAID, text, max_output_tokens: 64 });
  assert.ok([1, 2].includes(answer.output_parsed.n));
});

test("a local call", async () => {
  const parameters = { type: "object", properties: { n: { enum: [1, 2] } }, required: ["n"], additionalProperties: false };
  const pick = { type: "function", name: "pick", parameters, strict: true };
  const wanted = { model: "local", input: SAID, tools: [pick], tool_choice: "required", max_output_tokens: 64 };
  const [call] = (await client.responses.create(wanted)).output;
  assert.ok([1, 2].includes(JSON.parse(call.arguments).n));
});
