"use strict";
const findings = JSON.parse(document.getElementById("findings").textContent);
const marks = [...document.querySelectorAll("mark")];
const detail = document.getElementById("detail");
let pinned = null;

function show(mark) {
  const found = findings[Number(mark.dataset.n)];
  const part = (name) => detail.querySelector(name);
  detail.hidden = false;
  detail.style.setProperty("--hue", mark.style.getPropertyValue("--hue"));
  part(".kind").textContent = found.kind;
  part(".value").textContent = mark.querySelector(".original").textContent;
  part("code").textContent = mark.querySelector(".stand-in").textContent;
  part(".why").textContent = "Found by " + found.why + ".";
  part(".meter i").style.width = found.score * 100 + "%";
  part(".meter u").style.left = found.threshold * 100 + "%";
  const fields = {
    score: found.score.toFixed(2) + ", counts from " + found.threshold.toFixed(2),
    rule: found.rule,
    label: found.label,
    countries: found.countries,
  };
  for (const field of detail.querySelectorAll("dd")) {
    const text = fields[field.dataset.field];
    field.textContent = text || "";
    field.hidden = field.previousElementSibling.hidden = !text;
  }
}

function pin(mark) {
  if (pinned) pinned.classList.remove("chosen");
  pinned = mark;
  if (!mark) return;
  mark.classList.add("chosen");
  show(mark);
}

for (const mark of marks) {
  mark.addEventListener("mouseenter", () => pinned || show(mark));
  mark.addEventListener("focus", () => pin(mark));
  mark.addEventListener("click", () => pin(mark));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") pin(null);
  const step = { n: 1, p: -1 }[event.key];
  const seen = marks.filter((mark) => !mark.classList.contains("off"));
  if (!step || !seen.length) return;
  const at = seen.indexOf(pinned);
  const next = seen[(at < 0 && step < 0 ? 0 : at + step + seen.length) % seen.length];
  next.focus();
  next.scrollIntoView({ block: "center" });
});

for (const button of document.querySelectorAll(".legend button")) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", on);
    for (const mark of marks) {
      if (mark.dataset.kind === button.dataset.kind) mark.classList.toggle("off", !on);
    }
  });
}

for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => {
    document.body.classList.toggle("redacted", button.dataset.view === "redacted");
    for (const other of document.querySelectorAll(".views button")) {
      other.setAttribute("aria-pressed", other === button);
    }
  });
}

if (marks.length) show(marks[0]);
