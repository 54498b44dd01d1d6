/* The box of text: a click puts a figure where the caret is; leaving with unsaved words is asked about. Works on what the
   page holds without it: the tokens can be copied. */
(() => {
  "use strict";
  const text = document.querySelector("form textarea[name=text]");
  if (!text) return;

  for (const button of document.querySelectorAll("button[data-chip]")) {
    button.hidden = false;
    button.closest("li")?.classList.add("picks--quick");
    button.addEventListener("click", () => {
      text.setRangeText(button.dataset.chip, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }

  const before = text.defaultValue;
  let sending = false;
  text.form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && text.value !== before) event.preventDefault();
  });
})();
