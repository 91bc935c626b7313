// Says what a reason lacks while it is typed, by the agency's own rules. The server decides; this only saves the round.

const AFTER_A_CLICK_MS = 400;
const AFTER_TYPING_MS = 500;

/** What says whom a question asks, beside its time. */
const BREADTH = /^(purpose|form|owners|cameras|centre|radius_m|corners|state|vehicle\..*|captured_.*)$/;

const form = document.getElementById("search");
const status = document.getElementById("still-missing");

function chosen(name) {
  return form.querySelector(`input[name="${name}"]:checked`);
}

/** What is wrong with one field of a reason, in the words that the server would use; empty when nothing is. */
function shortcoming({ value, dataset }) {
  const { label, pattern, minimum, hint } = dataset;
  const text = value.trim();
  if (!text) return `${label} is missing`;
  if (text.length < Number(minimum)) return `${label} needs ${Number(minimum) - text.length} more characters`;
  return new RegExp(`^(?:${pattern})$`, "su").test(text) ? "" : `${label} must be ${hint || pattern}`;
}

function reasonFields() {
  return [...(chosen("form")?.closest(".reason").querySelectorAll("input[data-pattern]") ?? [])];
}

function show(field) {
  const wrong = shortcoming(field);
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  document.getElementById(`error-${field.name}`).textContent = wrong;
}

/** Whether a place or a vehicle is named, so that no plate need be. */
function canvasses() {
  const named = ["centre", "corners", "vehicle.colour", "vehicle.make", "vehicle.model", "vehicle.kind"];
  return named.some((name) => form.elements[name]?.value.trim()) || form.querySelector('input[name="cameras"]:checked');
}

function summary() {
  const missing = [];
  if (!chosen("purpose")) missing.push("purpose");
  if (!chosen("form")) missing.push("reason");
  for (const field of reasonFields()) if (shortcoming(field)) missing.push(field.dataset.label.toLowerCase());
  if (!form.elements.plate.value.trim() && !canvasses()) missing.push("plate, place or vehicle");
  status.textContent = missing.length ? `Still missing: ${missing.join(", ")}.` : "Complete.";
}

form.addEventListener("input", (event) => {
  // A field is only told off once it was left or found wanting before: nobody is corrected at the first letter.
  if (event.target.getAttribute("aria-invalid") && event.target.dataset.pattern) show(event.target);
  summary();
});
form.addEventListener("focusout", (event) => {
  // A moment later: a line that appears while the button is being pressed would move it from under the pointer.
  if (event.target.dataset.pattern && event.target.value.trim()) setTimeout(show, AFTER_A_CLICK_MS, event.target);
});
summary();

let counting;

/** How many agencies and cameras would be asked, from the server, which decides it anew when the search runs. */
async function count() {
  counting?.abort();
  counting = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    body.delete("once"); // counting changes nothing, and may be done as often as one types
    const answer = await fetch("/search/breadth", { method: "POST", body, signal: counting.signal });
    if (answer.ok) document.getElementById("breadth").innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

let later;
form.addEventListener("input", (event) => {
  if (!BREADTH.test(event.target.name)) return;
  clearTimeout(later);
  later = setTimeout(count, AFTER_TYPING_MS);
});
document.getElementById("count").hidden = true;
