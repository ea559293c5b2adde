// What a reader by keys or by ear needs and the theme leaves out.

document.addEventListener("DOMContentLoaded", () => {
  for (const code of document.querySelectorAll("pre")) code.tabIndex = 0;
  for (const caption of document.querySelectorAll("p.caption[role=heading]")) caption.setAttribute("aria-level", 2);
  for (const [name, label] of [["sidebar-drawer", "All pages"], ["toc-drawer", "On this page"]]) {
    document.querySelector(`aside.${name}`)?.setAttribute("aria-label", label);
  }
});
