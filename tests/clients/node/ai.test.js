// The AI SDK with its providers of the OpenAI and the Anthropic API, as its users have them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, Output, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

import { MODEL, ROOT, SAID, failure } from "./harness.js";

const openai = createOpenAI({ baseURL: `${ROOT}/v1`, apiKey: "client-key" });
const anthropic = createAnthropic({ baseURL: `${ROOT}/v1`, apiKey: "client-key" });
const compatible = createOpenAICompatible({
  name: "nearside",
  baseURL: `${ROOT}/v1`,
  apiKey: "client-key",
  includeUsage: true,
  supportsStructuredOutputs: true,
});
const providers = { openai: openai.chat, responses: openai.responses, anthropic, compatible };

test("responses: what was said stays with the gateway and is gone on from", async () => {
  const heard = [];
  const echo = tool({
    description: "Says it back",
    inputSchema: z.object({ said: z.string() }),
    execute: async ({ said }) => heard.push(said) && `Heard of ${said.length}`,
  });
  const wanted = { model: openai.responses(MODEL), prompt: SAID, tools: { echo }, stopWhen: stepCountIs(2), maxRetries: 0 };
  const { steps } = await generateText(wanted);
  assert.deepEqual([steps.length, heard[0]], [2, SAID]);
});

for (const [name, provider] of Object.entries(providers)) {
  const wanted = { model: provider(MODEL), prompt: SAID, maxRetries: 0 };

  test(`${name}: plain`, async () => {
    const { text, finishReason, usage } = await generateText(wanted);
    assert.deepEqual([text, finishReason], [`You said: ${SAID}`, "stop"]);
    assert.deepEqual([usage.inputTokens, usage.outputTokens], [7, 5]);
  });

  test(`${name}: stream`, async () => {
    const result = streamText(wanted);
    assert.equal(await result.text, `You said: ${SAID}`);
    assert.equal(await result.finishReason, "stop");
    assert.equal((await result.usage).outputTokens, 5);
  });

  for (const ask of [generateText, streamText]) {
    test(`${name}: tools, ${ask.name}`, async () => {
      const heard = [];
      const echo = tool({
        description: "Says it back",
        inputSchema: z.object({ said: z.string() }),
        execute: async ({ said }) => {
          heard.push(said);
          return "done";
        },
      });
      const result = await ask({ ...wanted, tools: { echo }, stopWhen: stepCountIs(1) });
      assert.equal(await result.finishReason, "tool-calls");
      assert.deepEqual(heard, [SAID]);
      assert.equal((await result.toolResults)[0].output, "done");
    });

    test(`${name}: structured output, ${ask.name}`, async () => {
      const output = Output.object({ schema: z.object({ said: z.string() }) });
      const result = await ask({ ...wanted, output });
      assert.deepEqual(await result.output, { said: SAID });
    });

    test(`${name}: local, ${ask.name}`, async () => {
      const result = await ask({ ...wanted, model: provider("local"), maxOutputTokens: 8 });
      assert.ok(["stop", "length"].includes(await result.finishReason));
      assert.ok((await result.usage).outputTokens > 0);
    });
  }

  test(`${name}: local structured output`, async () => {
    const schema = { type: "object", properties: { n: { enum: [1, 2] } }, required: ["n"], additionalProperties: false };
    const output = Output.object({ schema: jsonSchema(schema) });
    const result = await generateText({ ...wanted, model: provider("local"), output, maxOutputTokens: 64 });
    assert.ok([1, 2].includes(result.output.n));
  });

  test(`${name}: a provider's refusal`, async () => {
    const error = await failure(generateText({ ...wanted, prompt: "status 422" }));
    assert.ok(APICallError.isInstance(error), String(error));
    assert.deepEqual([error.statusCode, error.message], [422, "scripted 422"]);
  });

  test(`${name}: a model that nobody has`, async () => {
    const error = await failure(generateText({ ...wanted, model: provider("none") }));
    assert.equal(error.statusCode, 404);
    assert.match(error.message, /does not exist/);
  });
}
