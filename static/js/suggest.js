/* What may be meant, under a box of a search, as it is typed (WAI-ARIA: editable combobox with list autocomplete).
   Without this script the box is a box: it sends what was typed. */
(() => {
  "use strict";
  const WAIT = 120; // milliseconds after the last letter
  let counter = 0;

  function build(field) {
    const list = document.createElement("ul");
    list.id = `suggestions-${++counter}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.suggestLabel || "");
    list.hidden = true;
    field.parentElement.classList.add("has-suggestions");
    field.after(list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("autocomplete", "off");
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    list.after(said);
    return { field, list, said, at: -1, options: [], asking: null, timer: 0 };
  }

  function close(box) {
    clearTimeout(box.timer);
    if (box.asking) box.asking.abort();
    box.list.hidden = true;
    box.at = -1;
    box.field.setAttribute("aria-expanded", "false");
    box.field.removeAttribute("aria-activedescendant");
  }

  function option(box, one, place) {
    const item = document.createElement("li");
    item.id = `${box.list.id}-${place}`;
    item.className = "suggestions__item";
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.address = one.address;
    const label = document.createElement("span");
    label.textContent = one.label;
    const hint = document.createElement("span");
    hint.className = "suggestions__hint";
    hint.textContent = one.count === null ? one.hint : one.count;
    item.append(label, hint);
    return item;
  }

  function show(box, suggestions) {
    box.list.replaceChildren();
    box.options = [];
    let group = "";
    for (const one of suggestions) {
      if (one.group !== group) {
        group = one.group;
        const head = document.createElement("li");
        head.className = "suggestions__group";
        head.setAttribute("role", "presentation");
        head.textContent = group;
        box.list.append(head);
      }
      const item = option(box, one, box.options.length);
      box.options.push(item);
      box.list.append(item);
    }
    box.at = -1;
    box.field.removeAttribute("aria-activedescendant");
    box.list.hidden = box.options.length === 0;
    box.field.setAttribute("aria-expanded", String(box.options.length > 0));
    box.said.textContent = box.options.length ? `${box.options.length} ${box.field.dataset.suggestLabel || ""}` : "";
  }

  async function ask(box) {
    const typed = box.field.value.trim();
    if (!typed) return close(box);
    if (box.asking) box.asking.abort();
    box.asking = new AbortController();
    try {
      const address = `${box.field.dataset.suggest}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { signal: box.asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close(box);
      const found = await answer.json();
      if (document.activeElement === box.field && box.field.value.trim() === typed) show(box, found.suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close(box);
    }
  }

  function move(box, step) {
    if (box.list.hidden) return ask(box);
    if (box.at >= 0) box.options[box.at].setAttribute("aria-selected", "false");
    const n = box.options.length;
    box.at = box.at + step >= n ? -1 : box.at + step < -1 ? n - 1 : box.at + step;
    if (box.at < 0) return box.field.removeAttribute("aria-activedescendant");
    const here = box.options[box.at];
    here.setAttribute("aria-selected", "true");
    box.field.setAttribute("aria-activedescendant", here.id);
    here.scrollIntoView({ block: "nearest" });
  }

  function attach(field) {
    const box = build(field);
    field.addEventListener("input", () => {
      clearTimeout(box.timer);
      box.timer = setTimeout(() => ask(box), WAIT);
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(box, event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && !box.list.hidden) {
        event.preventDefault();
        close(box);
      } else if (event.key === "Enter" && box.at >= 0) {
        event.preventDefault();
        window.location.assign(box.options[box.at].dataset.address);
      } else if (event.key === "Enter") close(box);
    });
    field.addEventListener("blur", () => close(box));
    /* Before the field loses the focus, which would close the list under the finger. */
    box.list.addEventListener("pointerdown", (event) => event.preventDefault());
    box.list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-address]");
      if (item) window.location.assign(item.dataset.address);
    });
  }

  for (const field of document.querySelectorAll("[data-suggest]")) attach(field);
})();
