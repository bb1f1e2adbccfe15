"""What is looked for on a page: what axe finds, what does not fit, what lies over something else, what is cut off."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
AT_ANY_WIDTH = ("target-size", "scrollable-region-focusable", "meta-viewport", "page-has-heading-one")
"""What depends on how a page is laid out."""
IN_THE_DARK = ("color-contrast", "link-in-text-block")
NARROW = {"width": 320, "height": 256}
"""The narrowest screen that WCAG asks for, and a screen of 1280 by 1024 at 400 %."""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


_ASK_AXE = """async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return found.violations.flatMap(one => one.nodes.map(node =>
    `${one.id}: ${node.target.join(" ")}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? one.help}`));
}"""

_NOT_FITTING = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const width = document.documentElement.clientWidth, found = [];
  const name = one => `${one.tagName.toLowerCase()}.${one.className} "${(one.innerText ?? "").trim().slice(0, 40)}"`;
  const scrolls = one => one.closest(".scroll, [role=region][tabindex], svg, .skip");
  const unseen = one => one && (one.clientWidth <= 1 && getComputedStyle(one).position === "absolute"
    || unseen(one.parentElement));
  const shown = one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length && !unseen(one);
  const floats = one => one && (/fixed|sticky/.test(getComputedStyle(one).position) || floats(one.parentElement));
  const wide = document.documentElement.scrollWidth, root = document.querySelector("dialog:modal") ?? document.body;
  if (wide > width) found.push(`the page is ${wide} wide`);
  for (const one of root.querySelectorAll("*")) {
    if (!shown(one) || scrolls(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.width && box.right > width + 1) found.push(`beyond the edge: ${name(one)}`);
    const style = getComputedStyle(one);
    if (one.scrollWidth > one.clientWidth + 1 && /hidden|clip/.test(style.overflowX) && one.innerText)
      found.push(`cut: ${name(one)}`);
  }
  const solid = [...root.querySelectorAll("a, button, input, select, textarea, label, h1, h2, h3, summary")]
    .filter(one => shown(one) && !scrolls(one) && !floats(one));
  const boxes = solid.map(one => [...one.getClientRects()]);
  for (let i = 0; i < solid.length; i++) for (let k = i + 1; k < solid.length; k++) {
    if (solid[i].contains(solid[k]) || solid[k].contains(solid[i])) continue;
    if (solid[i].labels && [...solid[i].labels].includes(solid[k])) continue;
    const meet = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]) > 2;
    const both = (a, b) => meet(a, b, "left", "right") && meet(a, b, "top", "bottom");
    const over = boxes[i].some(a => boxes[k].some(b => both(a, b)));
    if (over) found.push(`over each other: ${name(solid[i])} and ${name(solid[k])}`);
  }
  return found;
}"""


def axe(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds by WCAG 2.2 AA, or by these rules alone; a line for each place."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe())
    only: dict[str, Any] = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(TAGS)}
    return [str(line) for line in page.evaluate(_ASK_AXE, only)]


def not_fitting(page: Page) -> list[str]:
    """What goes beyond the edge of the window, is cut off, or lies over something else."""
    return [str(line) for line in page.evaluate(_NOT_FITTING)]


def problems(page: Page) -> list[str]:
    """Everything, on a desk in light and dark, and on a narrow screen or at 400 %; the page is left narrow and dark."""
    found = [f"light, {line}" for line in axe(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark, {line}" for line in axe(page, rules=IN_THE_DARK)]
    page.set_viewport_size(NARROW)
    found += [f"narrow, {line}" for line in (*not_fitting(page), *axe(page, rules=AT_ANY_WIDTH))]
    return found
