// What the tests of all clients share. Gateway and upstream are started by test_node.py, which says where they are.

import assert from "node:assert/strict";

/** Where the gateway listens, without a path. */
export const ROOT = process.env.GATEWAY_URL;

/** The model of the gateway's one target, and the API that the target speaks. */
export const MODEL = process.env.TARGET_MODEL;
export const API = process.env.TARGET_API;

export const ADDRESS = "ada.quill@example.com";
export const SAID = `Write to ${ADDRESS}, please`;

/** Of the tool that every upstream calls with what was said, and of structured answers. */
export const SCHEMA = {
  type: "object",
  properties: { said: { type: "string" } },
  required: ["said"],
  additionalProperties: false,
};

/** Everything that a stream gives. */
export async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Awaits a failure and returns it. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("this should have failed");
}
