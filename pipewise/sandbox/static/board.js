"use strict";

const SWITCHES = {
  calendly: ["http_429", "http_500", "http_401", "http_403", "plan_required", "insufficient_scope", "timeout", "reset",
    "garbage", "empty", "slow", "already_filled", "drop_after_accept", "duplicate_delivery", "reorder"],
  instagram: ["http_429", "http_500", "http_401", "http_403", "plan_required", "insufficient_scope", "timeout", "reset",
    "garbage", "empty", "slow", "drop_after_accept", "duplicate_delivery", "reorder"],
  x: ["http_429", "http_500", "http_401", "http_403", "plan_required", "insufficient_scope", "timeout", "reset",
    "garbage", "empty", "slow", "drop_after_accept", "duplicate_delivery", "reorder"],
  whatsapp: ["http_429", "http_500", "http_401", "http_403", "timeout", "reset", "garbage", "empty", "slow",
    "drop_after_accept", "status_failed", "duplicate_delivery", "reorder"],
  model: ["http_429", "http_500", "http_401", "timeout", "reset", "garbage", "empty", "slow"],
};
const SHOWN = 200;
const byId = (id) => document.getElementById(id);
let entries = [];
let drawnFaults = "";

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(path, method = "GET", body) {
  const options = { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) };
  const answer = await fetch(`/_sandbox${path}`, options);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.json();
}

function tell(problem) {
  byId("problem").hidden = !problem;
  byId("problem").textContent = problem || "";
}

function guarded(action) {
  return async () => {
    try { await action(); tell(""); } catch (error) { tell(error.message); }
  };
}

function drawSwitches() {
  for (const [vendor, kinds] of Object.entries(SWITCHES)) {
    const group = element("fieldset", undefined, "group");
    group.append(element("legend", vendor));
    const row = element("div", undefined, "buttons");
    for (const kind of kinds) {
      const button = element("button", kind.replaceAll("_", " "));
      button.type = "button";
      button.addEventListener("click", guarded(() => switchOn(vendor, kind)));
      row.append(button);
    }
    group.append(row);
    byId("switches").append(group);
  }
}

async function switchOn(vendor, kind) {
  const times = byId("times").value;
  const route = byId("route").value.trim();
  await ask("/faults", "POST", { vendor, kind, times: times ? Number(times) : null, route: route || null });
  await refreshFaults();
}

async function refreshFaults() {
  const { items } = await ask("/faults");
  const state = JSON.stringify(items.map((fault) => [fault.id, fault.remaining]));
  if (state === drawnFaults) return;
  drawnFaults = state;
  const rows = items.map((fault) => {
    const row = element("li");
    const left = fault.remaining === null ? "until switched off" : `${fault.remaining} left`;
    row.append(element("span", `${fault.vendor}: ${fault.kind.replaceAll("_", " ")} ${fault.route || ""} (${left})`));
    const off = element("button", "Off");
    off.type = "button";
    off.setAttribute("aria-label", `Switch off ${fault.vendor} ${fault.kind}`);
    off.addEventListener("click", guarded(async () => { await ask(`/faults/${fault.id}`, "DELETE"); await refreshFaults(); }));
    row.append(off);
    return row;
  });
  byId("active").replaceChildren(...(rows.length ? rows : [element("li", "Nothing: the vendors behave.")]));
}

function drawLedger() {
  const vendor = byId("vendor").value;
  const effects = byId("what").value === "effects";
  const wanted = entries.filter((entry) => (!vendor || entry.vendor === vendor) && !(effects && entry.kind === "request"));
  byId("ledger").replaceChildren(...wanted.slice(-SHOWN).reverse().map((entry) => {
    const row = element("tr", undefined, entry.kind);
    row.append(element("td", entry.at.slice(11, 19)), element("td", entry.vendor), element("td", entry.kind));
    const detail = element("td");
    detail.append(element("code", JSON.stringify(entry.detail)));
    row.append(detail);
    return row;
  }));
}

async function refreshLedger() {
  const after = entries.length ? entries[entries.length - 1].id : 0;
  const { items } = await ask(`/ledger?after=${after}`);
  if (!items.length) return;
  entries = entries.concat(items).slice(-2000);
  drawLedger();
}

async function tick() {
  try {
    const health = await ask("/health");
    byId("health").textContent = `${health.now.slice(0, 19).replace("T", " ")} UTC, webhooks waiting: ${health.pending_webhooks}`;
    await refreshLedger();
    await refreshFaults();
  } catch (error) {
    byId("health").textContent = "The sandbox does not answer.";
  }
  setTimeout(tick, 1000);
}

byId("vendor").addEventListener("change", drawLedger);
byId("what").addEventListener("change", drawLedger);
byId("all-off").addEventListener("click", guarded(async () => { await ask("/faults", "DELETE"); await refreshFaults(); }));
byId("reset").addEventListener("click", guarded(async () => {
  await ask("/reset", "POST", { keep_accounts: true });
  entries = [];
  drawLedger();
  await refreshFaults();
}));
drawSwitches();
tick();
