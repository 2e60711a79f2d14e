// What stands around the terminal: the end of a connection, files to fetch, keys a browser keeps.
"use strict";
(() => {
  let socket = null;
  let live = false;

  const show = (code) => {
    const end = document.getElementById("end");
    const known = end.querySelector(`[data-code="${code}"]`) || end.querySelector('[data-code="lost"]');
    document.getElementById("wait").hidden = true;
    end.hidden = known.hidden = false;
    known.querySelector("h1").id = "end-title";
    known.querySelector("a").focus();
  };

  // The terminal makes its own socket; this one tells how it ended.
  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      socket = this;
      this.addEventListener("open", () => {
        live = true;
        const typed = document.querySelector(".xterm-helper-textarea");
        if (typed) {
          typed.setAttribute("aria-label", "入力");
          typed.focus();
        }
      });
      this.addEventListener("message", () => { document.getElementById("wait").hidden = true; });
      this.addEventListener("close", (event) => { live = false; show(event.code); });
    }

    send(data) {
      if (this.readyState === WebSocket.OPEN) super.send(data);
    }
  };

  // A report that is ready: fetched without a new window.
  window.open = (address) => {
    const url = new URL(address, window.location.href);
    if (url.origin !== window.location.origin || !url.pathname.startsWith("/download/")) return null;
    const link = document.createElement("a");
    link.href = url.pathname;
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
    return null;
  };

  // Where the connection is not encrypted, browsers have no clipboard for pages; what is copied goes this way.
  if (!navigator.clipboard) {
    const writeText = async (text) => {
      const held = document.createElement("textarea");
      held.value = text;
      document.body.append(held);
      held.select();
      document.execCommand("copy");
      held.remove();
      document.querySelector(".xterm-helper-textarea").focus();
    };
    Object.defineProperty(navigator, "clipboard", { value: { writeText, readText: async () => "" } });
  }

  window.addEventListener("beforeunload", (event) => {
    if (live) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  // Browsers keep some keys for themselves (Ctrl+W, Ctrl+T, Ctrl+PgUp …): with Alt they reach the screens.
  const typedFor = (code) => {
    if (code === "PageUp") return "\x1b[5;5~";
    if (code === "PageDown") return "\x1b[6;5~";
    const letter = /^Key([A-Z])$/.exec(code);
    return letter && String.fromCharCode(letter[1].charCodeAt(0) - 64);
  };
  window.addEventListener("keydown", (event) => {
    const alone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const typed = alone && live && !event.isComposing && typedFor(event.code);
    if (!typed) return;
    event.preventDefault();
    event.stopPropagation();
    socket.send(JSON.stringify(["stdin", typed]));
  }, true);

  document.addEventListener("DOMContentLoaded", () => {
    // Letters as large as the window allows for 100 columns and 28 lines; the browser's zoom changes them.
    const bar = document.querySelector("header").offsetHeight;
    const size = Math.min(window.innerWidth / 100 * 2, (window.innerHeight - bar) / 28 / 1.2);
    const terminal = document.getElementById("terminal");
    terminal.dataset.fontSize = String(Math.max(12, Math.min(48, Math.floor(size))));
    document.querySelector("header form").addEventListener("submit", () => { live = false; });
    const full = document.getElementById("full");
    full.hidden = !document.documentElement.requestFullscreen;
    full.addEventListener("click", async () => {
      if (document.fullscreenElement) {
        await document.exitFullscreen();
      } else {
        await document.documentElement.requestFullscreen();
        // In full screen some browsers hand over Ctrl+W and its like as well.
        if (navigator.keyboard && navigator.keyboard.lock) await navigator.keyboard.lock().catch(() => {});
      }
      document.querySelector(".xterm-helper-textarea").focus();
    });
  });
})();
