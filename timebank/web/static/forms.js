// What a script adds to every page; without it each page is complete.

// The error summary is read first.
document.querySelector("[data-focus]")?.focus();

// A service brings its usual minutes along, as long as nobody has typed others.
for (const service of document.querySelectorAll("select[data-usual]")) {
  const minutes = document.getElementById(service.dataset.usual);
  const usual = () => service.selectedOptions[0]?.dataset.minutes ?? "";
  let filled = minutes.value === "" || minutes.value === usual();
  minutes.addEventListener("input", () => { filled = minutes.value === ""; });
  service.addEventListener("change", () => { if (filled) minutes.value = usual(); });
  if (minutes.value === "") minutes.value = usual();
}

// One tap sends a form once. The number inside makes a second one harmless; this spares the wait.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { delete form.dataset.sent; });
}

// A scanner that reads a card ends with Enter: the PIN comes next, not the answer that it is missing.
const secret = document.querySelector("input[type=password]#secret");
secret?.form.elements.namedItem("name")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || secret.value || !event.target.value) return;
  event.preventDefault();
  secret.focus();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Reading aloud, where the machine has a voice for the language of the page; a second tap stops it.
const voices = globalThis.speechSynthesis;
for (const button of voices ? document.querySelectorAll("[data-read]") : []) {
  const wanted = document.documentElement.lang.slice(0, 2);
  const find = () => voices.getVoices().find((one) => one.lang.toLowerCase().startsWith(wanted));
  const show = () => { button.hidden = !find(); };
  show();
  voices.addEventListener("voiceschanged", show);
  button.addEventListener("click", () => {
    const speaks = voices.speaking;
    voices.cancel();
    if (speaks) return;
    const told = new SpeechSynthesisUtterance(document.getElementById(button.dataset.read).innerText);
    told.voice = find();
    told.lang = told.voice.lang;
    told.rate = 0.85;
    voices.speak(told);
  });
}

// A log-in that is left alone ends: it is said before, one tap is enough to stay, and then the page asks who is there.
// The clock is looked at, not waited for: a computer that slept has not counted.
const idle = document.getElementById("idle");
if (idle) {
  const ends = Number(idle.dataset.minutes) * 60_000;
  let since = Date.now();
  const lock = () => {
    clearInterval(watch);
    const leave = document.querySelector("button[form=draft][formaction]");
    if (leave) leave.click();
    else location.assign(idle.dataset.lock);
  };
  const watch = setInterval(() => {
    const left = since + ends - Date.now();
    if (left <= 0) lock();
    else idle.hidden = left > Math.min(5 * 60_000, ends / 2);
  }, 5000);
  idle.querySelector("button").addEventListener("click", async () => {
    try {
      const answer = await fetch("/api/v1/session");
      if (!(await answer.json()).logged_in) return lock();
      since = Date.now();
      idle.hidden = true;
    } catch {
      idle.hidden = false; // no connection: it is tried again by the next tap
    }
  });
}
