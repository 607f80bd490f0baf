// What the official JavaScript client does with `pipewise serve`; PIPEWISE_URL and PIPEWISE_TOKEN name the server.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { Client } from "@langchain/langgraph-sdk";

const STEPS = ["load_lead", "gate", "classify_intent", "scheduler", "check_reply", "update_lead", "plan_send"];
const client = new Client({
  apiUrl: process.env.PIPEWISE_URL,
  apiKey: null,
  defaultHeaders: { Authorization: `Bearer ${process.env.PIPEWISE_TOKEN}` },
});

const given = (text, more = {}) => ({
  event: { platform: "whatsapp", sender: "351911000444", text, ...more },
});

async function collect(stream, most = Infinity) {
  const parts = [];
  for await (const part of stream) {
    parts.push(part);
    if (parts.length >= most) break;
  }
  return parts;
}

test("the assistant is found, drawn and described", async () => {
  const [found] = await client.assistants.search({ graphId: "pipewise" });
  assert.equal(found.graph_id, "pipewise");
  assert.equal((await client.assistants.get(found.assistant_id)).name, "pipewise");
  const graph = await client.assistants.getGraph("pipewise", { xray: true });
  assert.ok(graph.nodes.some((node) => node.id === "scheduler:think"));
  const schemas = await client.assistants.getSchemas("pipewise");
  assert.ok(schemas.input_schema.properties.event);
  assert.ok("scheduler" in (await client.assistants.getSubgraphs("pipewise")));
});

test("threads are made, found, changed, copied and removed", async () => {
  const mark = randomUUID();
  const thread = await client.threads.create({ metadata: { mark } });
  assert.equal(thread.status, "idle");
  await assert.rejects(client.threads.create({ threadId: thread.thread_id, ifExists: "raise" }), /409/);
  const again = await client.threads.create({ threadId: thread.thread_id, ifExists: "do_nothing" });
  assert.equal(again.metadata.mark, mark);
  await client.threads.update(thread.thread_id, { metadata: { kind: "a" } });
  const found = await client.threads.search({ metadata: { mark, kind: "a" } });
  assert.deepEqual(
    found.map((one) => one.thread_id),
    [thread.thread_id],
  );
  const copied = await client.threads.copy(thread.thread_id);
  assert.notEqual(copied.thread_id, thread.thread_id);
  await client.threads.delete(thread.thread_id);
  await assert.rejects(client.threads.get(thread.thread_id), /404/);
});

test("a run is waited for and leaves its state and history", async () => {
  const { thread_id } = await client.threads.create();
  const output = await client.runs.wait(thread_id, "pipewise", { input: given("Schedule a demo") });
  assert.equal(output.intent, "meeting_request");
  for (const name of ["intent", "reply", "lead_id", "lead", "actions"]) assert.ok(name in output, name);
  const state = await client.threads.getState(thread_id);
  assert.deepEqual(
    state.values.messages.map((message) => message.type),
    ["human", "ai"],
  );
  const history = await client.threads.getHistory(thread_id, { limit: 50 });
  assert.equal(history[0].checkpoint.checkpoint_id, state.checkpoint.checkpoint_id);
  const stateless = await client.runs.wait(null, "pipewise", { input: given("hello") });
  assert.equal(stateless.intent, "greeting");
});

test("a run streams in several modes with the agents' own steps", async () => {
  const { thread_id } = await client.threads.create();
  const parts = await collect(
    client.runs.stream(thread_id, "pipewise", {
      input: given("Schedule a demo"),
      streamMode: ["updates", "values", "custom", "messages-tuple"],
      streamSubgraphs: true,
    }),
  );
  assert.equal(parts[0].event, "metadata");
  const steps = parts.filter((part) => part.event === "updates").flatMap((part) => Object.keys(part.data));
  assert.deepEqual(steps, STEPS);
  assert.ok(parts.some((part) => part.event.startsWith("updates|scheduler:")));
  assert.ok(parts.some((part) => part.event === "custom" && part.data.progress === "classified"));
  assert.ok(parts.some((part) => part.event === "messages" && part.data[0].type === "ai"));
  assert.ok(parts.filter((part) => part.event === "values").at(-1).data.reply);
});

test("a client that was cut off goes on where it was", async () => {
  const { thread_id } = await client.threads.create();
  const { run_id } = await client.runs.create(thread_id, "pipewise", {
    input: given("Schedule a demo"),
    streamMode: ["updates", "values"],
    streamResumable: true,
  });
  const whole = await collect(client.runs.joinStream(thread_id, run_id, { lastEventId: "-1" }));
  for (const cut of [1, 4, whole.length - 1]) {
    const before = await collect(client.runs.joinStream(thread_id, run_id, { lastEventId: "-1" }), cut);
    const after = await collect(client.runs.joinStream(thread_id, run_id, { lastEventId: before.at(-1).id }));
    assert.deepEqual([...before, ...after], whole);
  }
  assert.equal((await client.runs.get(thread_id, run_id)).status, "success");
});

test("a person answers the interrupt", async () => {
  const { thread_id } = await client.threads.create();
  const input = { event: { platform: "instagram", sender: "1784000044", text: "hello" } };
  const asked = await client.runs.wait(thread_id, "pipewise", { input });
  const [question] = asked.__interrupt__;
  assert.ok(question.value.text);
  assert.equal((await client.threads.get(thread_id)).status, "interrupted");
  const ended = await client.runs.wait(thread_id, "pipewise", {
    command: { resume: { action: "edit", text: "Hello, friend." } },
  });
  assert.equal(ended.reply, "Hello, friend.");
  assert.deepEqual((await client.threads.getState(thread_id)).next, []);
});

test("runs queue, are refused, joined, listed and cancelled", async () => {
  const { thread_id } = await client.threads.create();
  const runs = [];
  for (const text of ["hello", "what does it cost?", "good morning"]) {
    runs.push(await client.runs.create(thread_id, "pipewise", { input: given(text) }));
  }
  await assert.rejects(
    client.runs.create(thread_id, "pipewise", { input: given("no"), multitaskStrategy: "reject" }),
    /409/,
  );
  const outputs = await Promise.all(runs.map((run) => client.runs.join(thread_id, run.run_id)));
  assert.ok(outputs.every((output) => output.reply));
  assert.equal((await client.runs.list(thread_id)).length, 3);
  const last = await client.runs.create(thread_id, "pipewise", { input: given("hello") });
  await client.runs.cancel(thread_id, last.run_id, true);
  assert.ok(["interrupted", "success"].includes((await client.runs.get(thread_id, last.run_id)).status));
});

test("the store and the crons", async () => {
  const namespace = ["facts", randomUUID()];
  await client.store.putItem(namespace, "a", { city: "Lisbon" });
  assert.deepEqual((await client.store.getItem(namespace, "a")).value, { city: "Lisbon" });
  const { items } = await client.store.searchItems(namespace, { filter: { city: "Lisbon" } });
  assert.deepEqual(
    items.map((item) => item.key),
    ["a"],
  );
  await client.store.deleteItem(namespace, "a");
  assert.equal(await client.store.getItem(namespace, "a"), null);
  const cron = await client.crons.create("pipewise", { schedule: "@daily", input: given("hello") });
  assert.equal((await client.crons.search({ limit: 100 })).filter((one) => one.cron_id === cron.cron_id).length, 1);
  await client.crons.delete(cron.cron_id);
});

test("what is not offered says so", async () => {
  await assert.rejects(client.assistants.create({ graphId: "pipewise" }), /501/);
  await assert.rejects(client.runs.wait(null, "pipewise", { input: { event: {} } }), /422/);
});
