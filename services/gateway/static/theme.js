// Before the first paint: the theme that was chosen at this desk, else the system's. A classic script on purpose.
(() => {
  const KEPT = "plateward.theme";
  const root = document.documentElement;
  root.dataset.theme = localStorage.getItem(KEPT) ?? "";

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    button.hidden = false;
    button.addEventListener("click", () => {
      const dark = getComputedStyle(root).getPropertyValue("--dark").trim() === "1";
      root.dataset.theme = dark ? "light" : "dark";
      localStorage.setItem(KEPT, root.dataset.theme);
    });
  });
})();
