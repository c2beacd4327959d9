/* Makes a long list box quick to use: a filter field and ticked boxes instead of a list of hundreds.

   Hooks: data-party-picker around the field, with the texts data-label-filter, data-label-chosen,
   data-label-none and data-label-nobody; inside it one <select multiple>, which stays in the form and is
   what is sent. Each <option> may carry data-words, other names it is found by. Without this script the
   list box works as it is. */
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /* One line: a box that ticks the option of the list box. */
  function line(option) {
    const box = make("input", { type: "checkbox" });
    box.checked = option.selected;
    /* No name: the list box sends the value. */
    const row = make("div", { class: "facet__item" }, make("label", { class: "choice" }, box, option.text));
    return { box, row, option, words: plain(`${option.text} ${option.dataset.words || ""}`) };
  }

  function start(picker) {
    const select = picker.querySelector("select[multiple]");
    if (!select) return;
    const say = picker.dataset;
    const id = `${select.id}_filter`;
    const filter = make("input", { type: "search", class: "input", id, autocomplete: "off" });
    const chosen = make("p", { class: "small", "aria-live": "polite" });
    const none = make("p", { class: "small muted" }, say.labelNone);
    const list = make("div", { class: "facet__list", role: "group", "aria-labelledby": `${select.id}_label` });
    const groups = [];
    for (const part of select.querySelectorAll("optgroup")) {
      const lines = Array.from(part.querySelectorAll("option"), line);
      const head = make("p", { class: "small muted" }, part.label);
      list.append(head, ...lines.map((one) => one.row));
      groups.push({ head, lines });
    }
    const lines = groups.flatMap((group) => group.lines);

    function tell() {
      const names = lines.filter((one) => one.box.checked).map((one) => one.option.text);
      chosen.replaceChildren(make("strong", {}, say.labelChosen), ` ${names.join(", ") || say.labelNobody}`);
    }
    function narrow() {
      const words = plain(filter.value).split(/\s+/).filter(Boolean);
      let found = 0;
      for (const { head, lines: here } of groups) {
        let shown = 0;
        for (const one of here) {
          one.row.hidden = !words.every((word) => one.words.includes(word));
          shown += !one.row.hidden;
        }
        head.hidden = !shown;
        found += shown;
      }
      none.hidden = found > 0;
    }
    list.addEventListener("change", (event) => {
      const one = lines.find(({ box }) => box === event.target);
      if (!one) return;
      one.option.selected = one.box.checked;
      tell();
    });
    filter.addEventListener("input", (event) => {
      event.stopPropagation(); /* filtering is not unsaved text */
      narrow();
    });
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); /* Enter ticks the only one found, and never sends the form */
      const open = lines.filter(({ row }) => !row.hidden);
      if (open.length === 1) open[0].box.click();
    });

    const label = picker.querySelector("label");
    label.id = `${select.id}_label`;
    /* Following the label, or the link of an error, leads to the filter. */
    label.htmlFor = id;
    select.addEventListener("focus", () => filter.focus());
    filter.setAttribute("aria-label", say.labelFilter);
    filter.placeholder = say.labelFilter;
    /* Beside the field and not in it, where labels are headings. */
    picker.classList.add("stack-s");
    picker.append(chosen, filter, list, none);
    select.hidden = true;
    tell();
    narrow();
  }

  document.querySelectorAll("[data-party-picker]").forEach(start);
})();
