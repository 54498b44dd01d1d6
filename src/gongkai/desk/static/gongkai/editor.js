/* The body of a document, formatted. The form works without this script: then the box holds plain text. What is pasted is
   thinned here for comfort and cleaned again by the server, which alone decides what is kept. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const source = form.elements.body;
  const format = form.elements.format;
  const area = form.querySelector("[data-area]");
  const text = area.querySelector("[contenteditable]");
  const said = area.querySelector("[data-said]");
  const LARGEST = 5 * 1024 * 1024;
  const KEPT = new Set(["P", "BR", "H2", "H3", "H4", "UL", "OL", "LI", "STRONG", "EM", "B", "I", "U", "S", "SUB", "SUP",
    "A", "TABLE", "THEAD", "TBODY", "TFOOT", "TR", "TH", "TD", "CAPTION", "BLOCKQUOTE", "HR"]);
  const GONE = new Set(["SCRIPT", "STYLE", "XML", "TITLE", "META", "LINK", "IMG", "SVG", "IFRAME", "OBJECT"]);

  const paragraphs = (plain) => {
    const made = document.createDocumentFragment();
    for (const line of plain.split(/\r?\n/)) {
      if (!line.trim()) continue;
      const heading = line.startsWith("# ");
      const block = document.createElement(heading ? "h2" : "p");
      block.textContent = heading ? line.slice(2) : line;
      made.append(block);
    }
    return made;
  };

  /* A copy of `node` with nothing but the elements we keep. Works on a parsed document that never runs anything. */
  const thinned = (node) => {
    const made = document.createDocumentFragment();
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        made.append(child.nodeValue.replace(/\s+/g, " "));
      } else if (child.nodeType === Node.ELEMENT_NODE && !GONE.has(child.nodeName.toUpperCase())) {
        const inner = thinned(child);
        if (!KEPT.has(child.nodeName)) {
          made.append(inner);
          continue;
        }
        const copy = document.createElement(child.nodeName);
        for (const name of ["colspan", "rowspan", "href", "start"]) {
          const value = child.getAttribute(name);
          if (value && !/^\s*javascript:/i.test(value)) copy.setAttribute(name, value);
        }
        const align = child.getAttribute("align") || /text-align:\s*(center|right)/i.exec(child.getAttribute("style") || "")?.[1];
        const given = [...child.classList].find((one) => one === "t-center" || one === "t-right");
        if (given) copy.className = given;
        else if (/^(center|right)$/i.test(align || "")) copy.className = `t-${align.toLowerCase()}`;
        copy.append(inner);
        made.append(copy);
      }
    }
    return made;
  };
  /* Styles go before parsing: the page's policy allows none, and says so in the console. Alignment is all we keep of them. */
  const unstyled = (html) => html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, (found) => {
      const align = /text-align:\s*(center|right)/i.exec(found);
      return align ? ` align="${align[1].toLowerCase()}"` : "";
    });
  const parsed = (html) => thinned(new DOMParser().parseFromString(unstyled(html), "text/html").body);

  text.append(format.value === "html" ? parsed(source.value) : paragraphs(source.value));
  if (!text.childNodes.length) text.append(document.createElement("p"));
  source.hidden = true;
  area.hidden = false;
  for (const hint of form.querySelectorAll("[data-plain]")) hint.hidden = true;
  document.execCommand("defaultParagraphSeparator", false, "p");

  /* Words go in where the caret is; whole paragraphs and tables go between paragraphs, never into one. */
  const insert = (pasted) => {
    const blocks = pasted.querySelectorAll(":scope > :is(p, h2, h3, h4, ul, ol, table, blockquote, hr)").length;
    if (blocks < 2 && !pasted.querySelector("table, ul, ol")) {
      document.execCommand("insertText", false, pasted.textContent.trim());
      return;
    }
    const range = window.getSelection().getRangeAt(0);
    range.deleteContents();
    let block = range.endContainer;
    while (block.parentNode !== text && block !== text) block = block.parentNode;
    const last = pasted.lastChild;
    if (block === text) range.insertNode(pasted);
    else if (block.textContent.trim() || block.matches?.("table")) block.after(pasted);
    else block.replaceWith(pasted);
    if (last) window.getSelection().collapse(last, last.childNodes.length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  text.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    event.preventDefault();
    if (html.length + plain.length > LARGEST) {
      said.textContent = said.dataset.large;
      return;
    }
    said.textContent = /<img[\s>]/i.test(html) ? said.dataset.pictures : "";
    insert(html ? parsed(html) : paragraphs(plain));
  });
  for (const button of area.querySelectorAll("button[data-do]")) {
    button.addEventListener("click", () => {
      text.focus();
      document.execCommand(button.dataset.do, false, button.dataset.with || null);
    });
  }

  const before = text.innerHTML;
  let sending = false;
  form.addEventListener("submit", () => {
    sending = true;
    /* Alignment set with the buttons is a style; carried over as the class the server keeps. */
    const box = document.createElement("div");
    box.append(thinned(text));
    source.value = box.innerHTML;
    format.value = "html";
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && text.innerHTML !== before) event.preventDefault();
  });
})();
