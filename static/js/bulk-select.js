/* Choosing records on the list. Without this script the boxes and the button work as they are.

   Hooks: data-bulk-select around the bar, with the texts data-chosen-one and data-chosen-many ({n} is the number);
   in it data-select-page (all on this page), data-select-all (all that is found) and data-select-count (says how
   many); in the rows the boxes named "reference" of the form "bulk". */
(() => {
  "use strict";
  const bar = () => document.querySelector("[data-bulk-select]");
  const boxes = () => Array.from(document.querySelectorAll('#results input[name="reference"][form="bulk"]:not([data-select-page])'));
  /* References that are ticked: a list that is drawn again uses its boxes again for other records. */
  let chosen = new Set();

  function tell() {
    const here = bar();
    if (!here) return;
    const rows = boxes();
    const page = here.querySelector("[data-select-page]");
    const all = here.querySelector("[data-select-all]");
    const ticked = rows.filter((box) => box.checked).length;
    page.checked = rows.length > 0 && ticked === rows.length;
    page.indeterminate = ticked > 0 && ticked < rows.length;
    const text = ticked === 1 ? here.dataset.chosenOne : here.dataset.chosenMany.replace("{n}", ticked);
    here.querySelector("[data-select-count]").textContent = ticked && !(all && all.checked) ? text : "";
  }

  function remember() {
    chosen = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
    tell();
  }

  /* After the list was drawn again: what is still there stays ticked, and nothing else is. */
  function restore() {
    const all = document.querySelector("[data-select-all]");
    if (all) all.checked = false;
    for (const box of boxes()) box.checked = chosen.has(box.value);
    remember();
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches('#results input[form="bulk"]')) return;
    if (box.matches("[data-select-page]")) for (const row of boxes()) row.checked = box.checked;
    const all = document.querySelector("[data-select-all]");
    /* Who takes one out does not want all that is found. */
    if (all && box !== all && !box.checked) all.checked = false;
    if (box === all) for (const row of boxes()) row.checked = box.checked;
    remember();
  });
  document.addEventListener("htmx:after:swap", restore);
  window.addEventListener("pageshow", remember);
  remember();
})();
