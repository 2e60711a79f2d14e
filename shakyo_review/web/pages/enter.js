// Browsers switch the input method off in a field of a passphrase: shown, it can be typed in Japanese.
"use strict";
(() => {
  const show = document.getElementById("show");
  if (!show) return;
  show.parentElement.hidden = false;
  show.addEventListener("change", () => {
    const typed = document.getElementById("passphrase");
    typed.type = show.checked ? "text" : "password";
    typed.focus();
  });
})();
