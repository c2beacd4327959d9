/* The pages that edit a record: more rows without leaving, and unsaved text that is kept.

   Hooks:
     data-add-row="section"      button (named `add`) that adds a row; without this script the page comes back with one more
     data-rows="section"         where the row goes; template[data-row="section"] is what it is made of
     data-row-place              one row, in either
     form[data-draft="person"]   what is typed is kept on this device until it is saved, with the texts to offer it by:
                                 data-draft-offer (%s: the time), -older, -take, -discard, -taken */
(() => {
  "use strict";
  const announce = (text) => {
    const region = document.getElementById("announce");
    if (region) region.textContent = text;
  };

  /* --- Rows --------------------------------------------------------------------------------------- */
  function nextPlace(section, form) {
    const places = Array.from(form.elements, (field) => new RegExp(`^${section}-(\\d+)-`).exec(field.name || ""))
      .filter(Boolean).map((found) => Number(found[1]));
    return places.length ? Math.max(...places) + 1 : 0;
  }
  function addRow(section, form, place = nextPlace(section, form)) {
    const template = document.querySelector(`template[data-row="${section}"]`);
    const row = template.content.cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value && value.includes("__row__")) element.setAttribute(name, value.replaceAll("__row__", place));
      }
    }
    const added = row.querySelector("[data-row-place]");
    form.querySelector(`[data-rows="${section}"]`).append(row);
    return added;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    if (!button) return;
    event.preventDefault();
    const row = addRow(button.dataset.addRow, button.form);
    row.querySelector("select, input:not([type=hidden]), textarea").focus();
    announce(button.dataset.added);
  });

  /* --- Unsaved text --------------------------------------------------------------------------------- */
  const KEPT_FOR_MS = 14 * 24 * 3600 * 1000;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "submission", "add"]);
  const store = {
    keys(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or refused: the page still has it */ } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* refused */ } },
  };
  const form = document.querySelector("form[data-draft]");

  function forgetOld() {
    for (const key of store.keys("draft:")) {
      const draft = store.get(key);
      if (!draft || Date.now() - draft.at > KEPT_FOR_MS) store.remove(key);
    }
  }
  /* Who logs out leaves nothing behind on this device. */
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith("/logout/")) store.keys("draft:").forEach(store.remove);
  });
  forgetOld();
  if (!form) return;

  const here = `draft:${form.dataset.draft}:${location.pathname}:`;
  const keyNow = () => here + form.elements.version.value;

  /* The address tells which form was saved: what was kept of it is no longer needed. */
  const saved = new URLSearchParams(location.search).get("saved");
  if (saved) {
    for (const key of store.keys(here)) {
      if (store.get(key)?.submission === saved) store.remove(key);
    }
    history.replaceState(history.state, "", location.pathname);
  }

  function typed() {
    return Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  }
  function keep() {
    const draft = { at: Date.now(), submission: form.elements.submission.value, version: form.elements.version.value, typed: typed() };
    store.set(keyNow(), draft);
  }
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 400);
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); keep(); });
  window.addEventListener("pagehide", () => { if (waiting) keep(); });

  /* Puts everything back as it was typed, on the version it was typed on: what changed since is shown on saving. */
  function takeBack(draft) {
    const places = new Map();
    for (const [name] of draft.typed) {
      const found = /^([a-z]+)-(\d+)-/.exec(name);
      if (found) places.set(`${found[1]}-${found[2]}`, [found[1], Number(found[2])]);
    }
    for (const rows of form.querySelectorAll("[data-rows]")) {
      for (const row of rows.querySelectorAll("[data-row-place]")) {
        const field = row.querySelector("[name]");
        const at = /^([a-z]+-\d+)-/.exec(field.name);
        if (at && !places.has(at[1])) row.remove();
      }
    }
    for (const [key, [section, place]] of places) {
      const isThere = Array.from(form.elements).some((field) => (field.name || "").startsWith(`${key}-`));
      if (!isThere && document.querySelector(`template[data-row="${section}"]`)) addRow(section, form, place);
    }
    const values = new Map();
    for (const [name, value] of draft.typed) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || NOT_KEPT.has(field.name)) continue;
      const given = values.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
      else if (given.length) field.value = given[0];
    }
    for (const folded of form.querySelectorAll("details.edit-row__more")) {
      if (Array.from(folded.querySelectorAll("input, select, textarea")).some((field) => field.value)) folded.open = true;
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    announce(form.dataset.draftTaken);
  }

  function button(label, style, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button button--small ${style}`;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }
  function offer(key, draft) {
    const box = document.createElement("div");
    box.className = "callout callout--info edit__draft";
    box.setAttribute("role", "status");
    const body = document.createElement("div");
    body.className = "callout__body";
    const words = document.createElement("p");
    const when = new Date(draft.at);
    const isToday = when.toDateString() === new Date().toDateString();
    const time = new Intl.DateTimeFormat(document.documentElement.lang, isToday ? { timeStyle: "short" } : { dateStyle: "long", timeStyle: "short" });
    words.textContent = form.dataset.draftOffer.replace("%s", time.format(when));
    if (draft.version !== form.elements.version.value) words.textContent += ` ${form.dataset.draftOlder}`;
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    buttons.append(
      button(form.dataset.draftTake, "", () => { box.remove(); store.remove(key); takeBack(draft); }),
      button(form.dataset.draftDiscard, "button--quiet", () => { box.remove(); store.remove(key); }),
    );
    body.append(words, buttons);
    box.append(body);
    form.before(box);
  }

  /* A page that comes back with what was typed has it already; what was kept of it is renewed. */
  if (form.dataset.guard === "dirty") {
    store.keys(here).forEach(store.remove);
    keep();
  } else {
    const found = store.keys(here).map((key) => [key, store.get(key)]).filter(([, draft]) => draft).sort((one, other) => other[1].at - one[1].at);
    if (found.length) offer(...found[0]);
  }
})();
