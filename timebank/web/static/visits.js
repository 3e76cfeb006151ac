// Signing in and out where there is no network: what was pressed is kept in this telephone with its time, said on the
// page, and sent when there is one. Without a script the forms are sent as they are.

const KEY = "unsent";
const PATIENCE_MS = 10_000;
const AGAIN_MS = 20_000;
const panel = document.getElementById("unsent");
// Of whoever is logged in: a telephone may be lent, and what somebody else pressed waits for her.
const all = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");
const mine = (one) => one.who === panel.dataset.who;
const kept = () => all().filter(mine);
const keep = (own) => localStorage.setItem(KEY, JSON.stringify([...all().filter((one) => !mine(one)), ...own]));

const show = () => {
  const waiting = kept();
  panel.hidden = waiting.length === 0;
  panel.querySelector("ul").replaceChildren(...waiting.map((one) => {
    const line = document.createElement("li");
    line.textContent = `${one.label} · ${new Date(one.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
    return line;
  }));
};

// The server's answer, or null where there was none, or where it asks to log in first.
const send = async (one, times) => {
  const within = () => {
    const patience = new AbortController();
    setTimeout(() => patience.abort(), PATIENCE_MS);
    return { signal: patience.signal };
  };
  try {
    const session = await (await fetch("/api/v1/session", within())).json();
    if (!session.logged_in) {
      panel.hidden = false;
      panel.querySelector("p").replaceChildren(loginLink());
      return null;
    }
    const fields = new URLSearchParams({ ...one.fields, ...times, csrf_token: session.csrf_token });
    return await fetch(one.action, { method: "POST", body: fields, ...within() });
  } catch {
    return null;
  }
};

const loginLink = () => {
  const link = document.createElement("a");
  link.href = "/login?next=/visits";
  link.textContent = panel.dataset.login;
  return link;
};

let busy = false;
const sendAll = async () => {
  if (busy || kept().length === 0) return;
  busy = true;
  let done = 0;
  let refused = 0;
  for (const one of kept()) {
    const answer = await send(one, { at: String(one.at) });
    if (answer === null || answer.status >= 500) break; // in their order: one signs in before one signs out
    keep(kept().slice(1));
    answer.ok ? done++ : refused++;
  }
  busy = false;
  show();
  if (refused) {
    panel.hidden = false;
    panel.querySelector("h2").textContent = panel.dataset.refused;
  } else if (done && kept().length === 0) location.reload();
};

for (const form of document.querySelectorAll("form[data-keep]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const fields = { ...Object.fromEntries(new FormData(form)), [event.submitter.name]: event.submitter.value };
    delete fields.csrf_token;
    const one = { who: panel.dataset.who, action: form.action, label: form.dataset.keep, fields, at: Date.now() };
    // What is sent at once has the service's time: not every telephone's clock is right.
    const answer = kept().length === 0 ? await send(one, {}) : null;
    if (answer?.ok) {
      location.assign(answer.url);
    } else if (answer && answer.status < 500) {
      // Refused: the page that says why is the one that the browser itself is shown.
      form.insertAdjacentHTML("beforeend", `<input type="hidden" name="${event.submitter.name}" value="${event.submitter.value}">`);
      HTMLFormElement.prototype.submit.call(form);
    } else {
      keep([...kept(), one]);
      form.hidden = true;
      show();
    }
  });
}

show();
addEventListener("online", sendAll);
setInterval(sendAll, AGAIN_MS);
sendAll();
