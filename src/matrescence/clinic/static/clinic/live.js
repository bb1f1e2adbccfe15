/* The live part of the page: it hears the stream, and it says at once when it does not.
   Ages are worked out from clocks each time they are shown, never from counted ticks: a computer that slept shows at
   once how old everything is.  Two clocks are asked, and the one that makes a value older is believed. */
"use strict";
(() => {
  const root = document.getElementById("live");
  if (!root) return;
  const LOST_AFTER_S = 6, POLL_EVERY_S = 3, TICK_MS = 250, CLOCK_JUMP_MS = 2000;
  const words = root.dataset;
  const state = document.getElementById("stream-state");
  const announce = document.getElementById("announce");
  const shown = new Map();
  let known = null;
  let offers = words.offers;
  let ended = false, polling = false, polledAt = -Infinity, streamAt = -Infinity;
  let byRunning = -Infinity, byDate = -Infinity, heardRunning = performance.now(), heardDate = Date.now();

  // ---- what time it is on the server ----
  function hear(serverMs) {
    heardRunning = performance.now();
    heardDate = Date.now();
    byRunning = Math.max(byRunning, serverMs - heardRunning);
    const date = serverMs - heardDate;
    byDate = Math.abs(date - byDate) > CLOCK_JUMP_MS ? date : Math.max(byDate, date);
  }
  const serverNow = () => Math.max(byRunning + performance.now(), byDate + Date.now());
  const unheardS = () => Math.max(performance.now() - heardRunning, Date.now() - heardDate) / 1000;

  // ---- ages and countdowns ----
  const counted = (text, seconds) => text.replace("{n}", String(Math.round(seconds)));

  function age(sign, lost) {
    const seconds = (serverNow() - Number(sign.dataset.fresh)) / 1000;
    const none = "none" in sign.dataset;
    let now = "live";
    if (seconds > Number(sign.dataset.goneS)) now = "gone";
    else if (seconds > Number(sign.dataset.liveS) || lost) now = "old";
    if (none && now === "live") return;
    for (const name of ["live", "old", "gone"]) sign.classList.toggle(name, name === (none ? "gone" : now));
    const label = sign.querySelector(".sign-age");
    const text = now === "live" ? "" : counted(now === "gone" || none ? words.noData : words.old, seconds);
    if (label && label.textContent !== text) label.textContent = text;
  }

  function span(seconds) {
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (days) return `${days} d ${hours % 24} h`;
    if (hours) return `${hours} h ${minutes % 60} min`;
    return minutes ? `${minutes} min` : `${Math.floor(seconds)} s`;
  }

  function count(mark) {
    const seconds = Math.max((Number(mark.dataset.atMs) - serverNow()) / 1000 * Number(mark.dataset.speed), 0);
    const text = words.in.replace("{n}", span(seconds));
    if (mark.textContent !== text) mark.textContent = text;
  }

  function tick() {
    const seconds = unheardS(), lost = ended || seconds > LOST_AFTER_S;
    root.classList.toggle("lost", lost);
    const text = ended ? words.ended : lost ? counted(words.lost, seconds) : polling ? words.polling : "";
    if (state.textContent !== text) {
      if (lost && state.hidden) announce.textContent = text;
      state.textContent = text;
      state.hidden = !text;
    }
    root.querySelectorAll("[data-fresh]").forEach((sign) => age(sign, lost));
    root.querySelectorAll("[data-at-ms]").forEach(count);
    if (!ended && seconds > POLL_EVERY_S + 1 && performance.now() - polledAt > POLL_EVERY_S * 1000) poll();
  }

  // ---- what is new ----
  function replace(name, html) {
    if (shown.get(name) === html) return;
    shown.set(name, html);
    const section = root.querySelector(`[data-part="${name}"]`);
    if (!section) return;
    const focused = section.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    section.innerHTML = html;
    if (focused) section.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
  }

  function alarms(found) {
    const fresh = known === null ? [] : found.filter((alarm) => !known.has(alarm.key) && !alarm.seen);
    known = new Set(found.map((alarm) => alarm.key));
    if (fresh.length) announce.textContent = `${words.new}: ${fresh.map((alarm) => alarm.text).join(". ")}`;
  }

  async function act(newOffers) {
    if (newOffers === offers) return;
    offers = newOffers;
    try {
      const answer = await fetch(words.acts, {headers: {"X-Fragment": "acts"}, redirect: "error"});
      if (!answer.ok) return;
      const nav = document.getElementById("acts");
      const open = nav.querySelector("details")?.open;
      nav.innerHTML = await answer.text();
      const details = nav.querySelector("details");
      if (details && open) details.open = true;
    } catch { offers = ""; }
  }

  function take(message) {
    hear(message.server_ms);
    if (message.now) {
      for (const [name, html] of Object.entries(message.now.parts)) replace(name, html);
      alarms(message.now.alarms);
      act(message.now.offers);
      root.dispatchEvent(new CustomEvent("snapshot", {detail: message.now}));
    }
    tick();
  }

  // ---- the stream, and asking where it does not come through ----
  const source = new EventSource(words.stream);
  function streamed(event) { streamAt = performance.now(); polling = false; take(JSON.parse(event.data)); }
  source.addEventListener("snapshot", streamed);
  source.addEventListener("beat", streamed);
  source.addEventListener("ended", () => { ended = true; source.close(); tick(); });

  async function poll() {
    polledAt = performance.now();
    try {
      const answer = await fetch(words.snapshot, {redirect: "manual", signal: AbortSignal.timeout(5000)});
      if (answer.type === "opaqueredirect" || answer.status === 403) { ended = true; source.close(); return; }
      if (!answer.ok) return;
      const message = await answer.json();
      polling = performance.now() - streamAt > LOST_AFTER_S * 1000;
      take(message);
    } catch { /* the next tick says for how long nothing was heard */ }
  }

  // The page itself was made at server_ms; how long ago that is, the browser's own start of this page tells at most.
  hear(Number(words.serverMs));
  byRunning = Math.max(byRunning, Number(words.serverMs) - (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0));
  setInterval(tick, TICK_MS);
  for (const name of ["visibilitychange", "pageshow", "focus", "online"]) window.addEventListener(name, tick);
  document.addEventListener("visibilitychange", tick);
  tick();
})();
