/* What makes the live page quicker, and nothing it needs: forms in a dialog above the live values, and the strip. */
"use strict";
(() => {
  const dialog = document.getElementById("act-dialog");
  const body = document.getElementById("act-body");

  // ---- a form above the live values: one tap opens it, one sends it ----
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-act]");
    if (!link || !dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, {headers: {"X-Fragment": "form"}, redirect: "error"});
      if (answer.headers.get("X-Fragment") !== "form") throw new Error(String(answer.status));
      body.innerHTML = await answer.text();
      if (!dialog.open) dialog.showModal();
      (body.querySelector(".act-form input:not([type=hidden]), .act-form textarea, .act-form button") ?? dialog).focus();
    } catch { window.location.assign(link.href); }
  });
  dialog?.addEventListener("close", () => { body.replaceChildren(); });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".act-form");
    if (!form) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll(".act-form").forEach((form) => { delete form.dataset.sent; });
  });

  // ---- where there is room, everything that can be done is open ----
  const more = document.querySelector(".more-acts");
  if (more && window.matchMedia("(min-width: 60rem)").matches) more.open = true;

  // ---- the strip of saturation and pulse ----
  const root = document.getElementById("live");
  const figure = document.getElementById("strip-figure");
  if (!root || !figure || !window.uPlot) return;
  const charts = {};
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const zone = root.dataset.zone && root.dataset.zone !== "None" ? root.dataset.zone : "UTC";
  const parts = {timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
  const toMinutes = new Intl.DateTimeFormat("en-GB", parts);
  const toSeconds = new Intl.DateTimeFormat("en-GB", {...parts, second: "2-digit"});
  function clocks(chart, marks) {
    const format = chart.scales.x.max - chart.scales.x.min < 900 ? toSeconds : toMinutes;
    return marks.map((mark) => format.format(mark * 1000));
  }

  function made(id, label, range) {
    const axis = {stroke: ink("--muted"), grid: {stroke: ink("--hair"), width: 1}, ticks: {stroke: ink("--hair")}};
    const options = {
      width: figure.clientWidth, height: 150, legend: {show: false}, cursor: {show: false},
      scales: {x: {time: true}, y: {range: (_chart, low, high) => range(low, high)}},
      axes: [{...axis, values: clocks, space: 80}, {...axis, label, labelSize: 18, size: 46}],
      series: [
        {},
        {stroke: ink("--accent"), width: 2, points: {show: false}, spanGaps: false},
        {stroke: ink("--medium"), width: 0, paths: () => null, points: {show: true, size: 7, fill: ink("--paper")}},
      ],
    };
    return new window.uPlot(options, [[], [], []], document.getElementById(id));
  }

  function draw(name, id, label, points, range) {
    if (!points.length) return;
    figure.hidden = false;
    charts[name] ??= made(id, label, range);
    charts[name].setData([
      points.map((point) => point[0]),
      points.map((point) => (point[2] ? null : point[1])),
      points.map((point) => (point[2] ? point[1] : null)),
    ]);
  }

  root.addEventListener("snapshot", (event) => {
    const strip = event.detail.strip;
    draw("spo2", "strip-spo2", root.dataset.spo2, strip.spo2_percent, (low) => [Math.min(low - 1, 85), 101]);
    draw("pulse", "strip-pulse", root.dataset.pulse, strip.pulse_per_min, (low, high) => [Math.min(low - 5, 50), Math.max(high + 5, 120)]);
  });
  window.addEventListener("resize", () => {
    for (const chart of Object.values(charts)) chart.setSize({width: figure.clientWidth, height: 150});
  });
})();
