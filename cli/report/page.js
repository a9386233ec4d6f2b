// Shows the description of what the pointer is on; the page says everything without it too.
const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
document.body.append(tip);
document.addEventListener("pointermove", ({ target, clientX, clientY }) => {
  const marked = target.closest?.("figure path[aria-label], figure rect[aria-label], [data-tip]");
  const text = marked?.dataset.tip ?? marked?.getAttribute("aria-label");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  tip.style.left = `${Math.min(clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${clientY + 18}px`;
});
