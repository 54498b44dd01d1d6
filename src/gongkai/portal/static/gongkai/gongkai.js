/* Small comforts. Every page works without this file. */
(() => {
  "use strict";

  // A form that has been sent isn't sent again by an impatient second click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 15000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    // A menu closes when one clicks elsewhere.
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });

  // One box in a list's head chooses all rows of the page; without this file one ticks them singly.
  document.querySelectorAll("[data-choose-all]").forEach((all) => {
    all.hidden = false;
    const boxes = all.closest("table").querySelectorAll("tbody .choose input");
    all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    // "/" goes to the search box, unless one is writing.
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.querySelector("[data-search]");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    }
  });
})();
