// Everything works without this file. It adds: parts of a page that follow what happens (data-live), without reloading.
"use strict";

function follow(part) {
  const status = document.querySelector("[data-live-status]");
  const reload = document.querySelector("[data-live-reload]");
  let source = null;
  let over = false;

  function show(html) {
    // The server renders the part from the same template as the page, escaped as there. What is equal stays: whoever
    // selects a line of a log, or stands on a link, is not disturbed by what changes beside it.
    const fresh = [...new DOMParser().parseFromString(html, "text/html").body.children];
    const shown = [...part.children];
    if (fresh.length !== shown.length) part.replaceChildren(...fresh);
    else fresh.forEach((one, place) => one.isEqualNode(shown[place]) || shown[place].replaceWith(one));
  }

  // A page that nobody sees is not followed: a browser opens only a few connections to one site.
  function turn() {
    if (source) source.close();
    source = over || document.hidden ? null : new EventSource(part.dataset.live);
    if (!source) return;
    source.addEventListener("part", (event) => show(event.data));
    source.addEventListener("status", (event) => {
      if (status && status.textContent !== event.data) status.textContent = event.data;
    });
    source.addEventListener("end", () => {
      over = true;
      source.close();
      if (reload) reload.hidden = true;
    });
  }

  document.addEventListener("visibilitychange", turn);
  addEventListener("pagehide", () => source && source.close());
  turn();
}

document.querySelectorAll("[data-live]").forEach(follow);
