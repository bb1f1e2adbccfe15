/* Typing counts as being here: told to the clinic once a minute at most, so that no lock falls in the middle of a
   sentence.  Nothing of what is typed is sent or kept.  Where a page stays open while locked, its strip is shown when
   the time has gone without a sign of her. */
(function () {
  "use strict";
  var told = Date.now();
  var seen = Date.now();
  var strip = document.querySelector("[data-locks-after]");
  document.addEventListener("input", function () {
    seen = Date.now();
    if (seen - told > 60000) {
      told = seen;
      fetch("/me/here/", { credentials: "same-origin", redirect: "manual" }).catch(function () { told = 0; });
    }
  });
  document.addEventListener("submit", function (event) {  // a second click sends nothing
    var form = event.target;
    if (!form.hasAttribute("data-once")) { return; }
    if (form.dataset.once === "sent") { event.preventDefault(); }
    form.dataset.once = "sent";
  });
  if (strip) {
    setInterval(function () {
      if (Date.now() - seen > Number(strip.dataset.locksAfter) * 1000) { strip.hidden = false; }
    }, 5000);
  }
}());
