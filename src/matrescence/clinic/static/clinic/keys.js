/* Passkeys and security keys: show their buttons where the browser knows them, and say what went wrong. */
(function () {
  "use strict";
  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-needs-keys]").forEach(function (part) { part.hidden = false; });
  }
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    document.querySelectorAll("[data-key-problem]").forEach(function (line) { line.hidden = false; });
  });
}());
