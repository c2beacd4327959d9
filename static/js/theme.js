/* Runs before the page is drawn: says that JavaScript works, and puts the remembered theme on <html>. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    /* Storage is refused: the theme of the system stays. */
  }
})();
