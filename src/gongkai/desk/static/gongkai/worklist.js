/* The work list by keyboard: j and k move, Enter opens (the link has the focus), a digit goes to that group or row. */
(() => {
  "use strict";
  const links = [...document.querySelectorAll("[data-row] [data-open]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  if (!links.length) return;

  const go = (link) => {
    if (!link) return;
    link.focus();
    link.closest("tr").scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const row = document.activeElement.closest("[data-row]");
    const at = row ? links.indexOf(row.querySelector("[data-open]")) : by > 0 ? -1 : links.length;
    go(links[Math.min(Math.max(at + by, 0), links.length - 1)]);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (/^[1-9]$/.test(event.key)) {
      const place = Number(event.key) - 1;
      go(groups.length ? groups[place]?.parentElement.querySelector("[data-open]") : links[place]);
    } else return;
    event.preventDefault();
  });
})();
