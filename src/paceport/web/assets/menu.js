// The menu of pages opens without script; with it, Escape, a press elsewhere and leaving it by keyboard close it.
(() => {
  "use strict";
  const menus = [...document.querySelectorAll(".menu")];
  const close = keep => menus.forEach(menu => { if (menu !== keep) menu.open = false; });
  document.addEventListener("keydown", event => {
    const open = event.key === "Escape" && menus.find(menu => menu.open);
    if (!open) return;
    if (open.contains(document.activeElement)) open.firstElementChild.focus();
    close();
  });
  document.addEventListener("pointerdown", event => close(event.target.closest(".menu")));
  document.addEventListener("focusin", event => close(event.target.closest(".menu")));
})();
