"use strict";

const TICKS = { sent: ["\u2713", "sent"], delivered: ["\u2713\u2713", "delivered"], read: ["\u2713\u2713", "read"], failed: ["!", "failed"] };
const SANDBOX_PATHS = /^https:\/\/calendly\.com(\/.+)$/;
const WEB_ADDRESS = /(https?:\/\/[^\s<>"]+)/;
const byId = (id) => document.getElementById(id);
let drawn = "";

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(path, body) {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const answer = await fetch(`/_sandbox/whatsapp${path}`, options);
  if (!answer.ok) throw new Error(`The sandbox refused this (${answer.status}). Is the number right?`);
  return answer.json();
}

function tell(problem) {
  byId("problem").hidden = !problem;
  byId("problem").textContent = problem || "";
}

async function write(fields) {
  try {
    const answer = await ask("/inbound", { phone_number_id: byId("business").value, from: byId("number").value, name: byId("name").value, ...fields });
    tell(answer.delivering ? "" : "Nobody listens: this number has no callback URL yet.");
    await refresh();
  } catch (error) {
    tell(error.message);
  }
}

/* A booking page of calendly.com is the same path of this sandbox. */
function link(url, title) {
  const local = SANDBOX_PATHS.exec(url);
  const made = element("a", title || url);
  made.href = local ? local[1] : url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function paragraph(text, className) {
  const made = element("div", undefined, className);
  for (const piece of text.split(WEB_ADDRESS)) made.append(WEB_ADDRESS.test(piece) ? link(piece) : piece);
  return made;
}

function choice(title, description, reply) {
  const button = element("button", title);
  button.type = "button";
  if (description) button.append(element("small", description));
  button.addEventListener("click", () => write(reply));
  return button;
}

function tapped(context, kind, reply) {
  const interactive = { type: kind, [kind]: reply };
  return { message: { type: "interactive", context: { id: context }, interactive } };
}

function choices(item) {
  const made = element("div", undefined, "choices");
  for (const reply of item.buttons || []) made.append(choice(reply.title, "", tapped(item.id, "button_reply", reply)));
  for (const section of (item.list && item.list.sections) || []) {
    if (section.title) made.append(element("div", section.title, "section"));
    for (const row of section.rows) made.append(choice(row.title, row.description, tapped(item.id, "list_reply", row)));
  }
  if (item.link && /^https?:/.test(item.link.url)) made.append(link(item.link.url, item.link.title));
  return made;
}

function bubble(item) {
  const mine = item.direction === "inbound";
  const made = element("div", undefined, mine ? "bubble mine" : "bubble");
  if (item.header) made.append(element("div", item.header, "head"));
  made.append(paragraph(item.text || ""));
  if (item.footer) made.append(element("div", item.footer, "foot"));
  const offered = choices(item);
  if (!mine && offered.childElementCount) made.append(offered);
  const meta = element("div", new Date(item.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }), "meta");
  if (item.status in TICKS) {
    const tick = element("span", ` ${TICKS[item.status][0]}`);
    tick.title = TICKS[item.status][1];
    tick.setAttribute("role", "img");
    tick.setAttribute("aria-label", TICKS[item.status][1]);
    meta.append(tick, ` ${TICKS[item.status][1]}`);
  }
  made.append(meta);
  return made;
}

async function refresh() {
  const { items } = await ask(`/conversations/${encodeURIComponent(byId("number").value)}`);
  const state = JSON.stringify(items);
  if (state === drawn) return;
  drawn = state;
  const chat = byId("chat");
  chat.replaceChildren(...(items.length ? items.map(bubble) : [element("p", "No messages yet. Try \u201cSchedule a demo\u201d.", "empty")]));
  chat.scrollTop = chat.scrollHeight;
}

async function drawBusinesses() {
  const { items } = await ask("/accounts");
  const select = byId("business");
  const before = select.value;
  select.replaceChildren(...items.map((item) => {
    const option = element("option", item.display_phone_number);
    option.value = item.phone_number_id;
    return option;
  }));
  if (before) select.value = before;
  const chosen = items.find((item) => item.phone_number_id === select.value);
  byId("line").textContent = chosen && chosen.callback_url ? "Connected" : "No callback URL registered";
}

async function tick() {
  try {
    await drawBusinesses();
    await refresh();
  } catch (error) {
    byId("line").textContent = "The sandbox does not answer.";
  }
  setTimeout(tick, 1000);
}

byId("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (!text) return;
  byId("text").value = "";
  write({ text });
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    byId("compose").requestSubmit();
  }
});
byId("number").addEventListener("change", refresh);
tick();
