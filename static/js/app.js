/* Makes the register quicker to use. Everything here has a way that works without it.

   Hooks, all in the markup:
     data-theme-choice="auto|light|dark"  button of the theme switch
     data-search                          field that "/" goes to (else the search field of the header)
     data-list                            parent whose children j and k walk through
     data-open-dialog="id"                button that opens <dialog id>
     data-copy="text" | data-copy-from="#id"   copy button; data-copied="Copied" is what it says afterwards
     data-guard | data-guard="dirty"      form whose unsaved text is asked about before leaving
     data-dropdown                        <details> that closes on Escape, outside click and loss of focus
     data-focus                           element that takes the focus when it appears (error summary)
     data-print                           button that prints the page
     data-submit-on-change                form (GET) that is sent when a choice changes */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* refused: not remembered */ } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* refused */ } },
  };

  /* Says something to screen readers without moving anything on the page. */
  function announce(text) {
    const region = document.getElementById("announce");
    if (region) region.textContent = text;
  }

  /* --- Theme ------------------------------------------------------------- */
  function showTheme() {
    const theme = root.dataset.theme || "auto";
    for (const button of all("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }
  function chooseTheme(theme) {
    if (theme === "auto") {
      delete root.dataset.theme;
      store.remove("theme");
    } else {
      root.dataset.theme = theme;
      store.set("theme", theme);
    }
    showTheme();
  }

  /* --- Copy ---------------------------------------------------------------- */
  async function copy(button) {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = source ? source.value ?? source.textContent.trim() : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyTheOldWay(text);
    }
    const said = button.dataset.copied || "✓";
    const label = button.querySelector("[data-label]");
    if (label) label.textContent = said;
    announce(said);
  }
  /* The clipboard interface exists on secure addresses only. */
  function copyTheOldWay(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  /* --- Dialogs --------------------------------------------------------------- */
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }

  /* --- Keyboard shortcuts (can be switched off: WCAG 2.1.4) --------------------- */
  const shortcutsOn = () => store.get("shortcuts") !== "off";
  const isTyping = (element) => Boolean(element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));

  function focusSearch() {
    const field = document.querySelector("[data-search]") || document.getElementById("site-search");
    if (!field) return;
    field.focus();
    field.select();
  }
  const target = (row) => (row.matches("a, button, [tabindex]") ? row : row.querySelector("a[href], button, [tabindex]"));
  function walk(step) {
    const here = document.activeElement.closest("[data-list] > *");
    const list = here ? here.parentElement : document.querySelector("[data-list]");
    if (!list) return;
    const rows = Array.from(list.children).filter(target);
    const next = here ? rows.indexOf(here) + step : step > 0 ? 0 : rows.length - 1;
    if (rows[next]) target(rows[next]).focus();
  }
  const shortcuts = {
    "/": focusSearch,
    "?": () => openDialog("shortcuts"),
    j: () => walk(1),
    k: () => walk(-1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeDropdowns(event);
      closeTip();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (!shortcutsOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = Object.hasOwn(shortcuts, event.key) && shortcuts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* --- Dropdowns ------------------------------------------------------------------ */
  function closeDropdowns(event) {
    for (const details of all("details[data-dropdown][open]")) {
      const inside = details.contains(event.target);
      if (event.type !== "keydown" && inside) continue;
      details.open = false;
      if (event.type === "keydown" && inside) details.querySelector("summary").focus();
    }
  }
  document.addEventListener("focusin", closeDropdowns);

  /* --- Words with their languages: shown by the style sheet, put away by Escape (WCAG 1.4.13) ------ */
  function closeTip() {
    for (const term of all(".term:hover, .term:focus-within")) {
      term.dataset.closed = "";
      for (const leaving of ["mouseleave", "focusout"]) {
        term.addEventListener(leaving, () => delete term.dataset.closed, { once: true });
      }
    }
  }

  document.addEventListener("click", (event) => {
    closeDropdowns(event);
    const button = event.target.closest("[data-theme-choice], [data-copy], [data-copy-from], [data-open-dialog], [data-print]");
    if (!button) return;
    if (button.dataset.themeChoice) chooseTheme(button.dataset.themeChoice);
    else if (button.dataset.openDialog) openDialog(button.dataset.openDialog);
    else if ("print" in button.dataset) window.print();
    else copy(button);
  });

  /* --- Unsaved text ------------------------------------------------------------------ */
  const dirty = new Set();
  const unsaved = () => Array.from(dirty).some((form) => form.isConnected);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });
  document.addEventListener("reset", (event) => dirty.delete(event.target));
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (response && response.status < 400) dirty.delete(sourceElement);
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });

  /* --- Sending once --------------------------------------------------------------------- */
  const SENT_FOR_MS = 8000; /* after that a second try is allowed: the answer may have been a download */
  function release(form) {
    form.removeAttribute("aria-busy");
    delete form.dataset.sent;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return; /* htmx sends it, or it only asks */
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    /* The buttons stay enabled: a disabled button would not send its own name and value. */
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    dirty.delete(form);
    setTimeout(release, SENT_FOR_MS, form);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  /* --- Choices that apply at once ---------------------------------------------------------- */
  document.addEventListener("change", (event) => {
    if (event.target.id === "shortcuts-on") {
      store.set("shortcuts", event.target.checked ? "on" : "off");
      return;
    }
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  /* --- Filters: a disclosure on small screens, always open on wide ones ----------------------- */
  const wide = window.matchMedia("(min-width: 56.25em)");
  const fitFilters = () => all("details.filters").forEach((details) => { details.open = wide.matches; });

  /* --- Start -------------------------------------------------------------------------------------- */
  const started = new WeakSet();
  function start() {
    for (const element of all('form[data-guard="dirty"], [data-focus]')) {
      if (started.has(element)) continue;
      started.add(element);
      if ("focus" in element.dataset) element.focus();
      else dirty.add(element);
    }
  }
  wide.addEventListener("change", fitFilters);
  fitFilters();
  showTheme();
  const choice = document.getElementById("shortcuts-on");
  if (choice) choice.checked = shortcutsOn();
  start();
  document.addEventListener("htmx:after:swap", start);
})();
