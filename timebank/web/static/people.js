// Find people while somebody types: a combobox over the fields that the page already has (WAI-ARIA APG, list pop-up).

const WAIT_MS = 120;

function faceOf(person, box, picker) {
  const face = document.createElement(box ? "label" : "span");
  face.className = "face";
  if (box) {
    const input = document.createElement("input");
    input.type = picker.dataset.many === "yes" ? "checkbox" : "radio";
    input.name = picker.dataset.name;
    input.value = person.id;
    input.checked = true;
    face.append(input);
  }
  const circle = document.createElement("span");
  circle.className = "circle";
  circle.setAttribute("aria-hidden", "true");
  circle.textContent = person.initials;
  const known = document.createElement("span");
  known.className = "known";
  const called = document.createElement("span");
  called.className = "called";
  called.textContent = person.name;
  const tail = document.createElement("span");
  tail.className = "tail";
  tail.textContent = person.tail ? picker.dataset.tail.replace("@", person.tail) : "";
  known.append(called, " ", tail);
  face.append(circle, known);
  return face;
}

function startPicker(picker) {
  const input = picker.querySelector("input[type=text]");
  const faces = picker.querySelector(".faces");
  const seen = picker.querySelector(`input[name=${picker.dataset.name}_seen]`);
  const token = picker.form.elements.csrf_token.value; // a fieldset knows its form
  const list = document.createElement("ul");
  list.className = "found";
  list.id = `${input.id}-found`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", picker.querySelector("legend").textContent);
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  let people = [];
  let at = -1;
  let asked = 0;
  let timer = 0;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    if (!people.length) return;
    at = (next + people.length) % people.length;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function choose(person) {
    const item = document.createElement("li");
    item.append(faceOf(person, true, picker));
    const known = [...faces.querySelectorAll("input")].find((box) => box.value === person.id);
    if (picker.dataset.many !== "yes") faces.replaceChildren(item);
    else if (known) known.checked = true;
    else faces.append(item);
    input.value = "";
    if (seen) seen.value = "";
    clearTimeout(timer);
    asked += 1;
    people = [];
    list.replaceChildren();
    close();
    if (picker.dataset.look) lookAt();
  }

  // The page shows who was chosen, and what she has, before anything else is filled in.
  function lookAt() {
    const step = document.createElement("input");
    Object.assign(step, { type: "hidden", name: "step", value: "edit" });
    picker.form.append(step);
    picker.form.submit();
  }

  function show() {
    list.replaceChildren(...people.map((person, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(faceOf(person, false, picker));
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(person); });
      return option;
    }));
    list.hidden = people.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    at = -1;
    if (people.length) mark(0);
  }

  async function find() {
    const text = input.value.trim();
    const mine = ++asked;
    if (!text) { people = []; close(); return; }
    // In the body, never in the address: a name in an address stays in every log on the way.
    const body = new URLSearchParams({ q: text, role: picker.dataset.role, csrf_token: token });
    try {
      const answer = await fetch(picker.dataset.search, { method: "POST", body });
      if (mine !== asked || !answer.ok) return;
      people = (await answer.json()).people;
      show();
    } catch {
      close(); // the form still works: the server looks the people up
    }
  }

  // Who types faster than the network answers means the one who fits, not the button below.
  async function findNow() {
    clearTimeout(timer);
    await find();
    if (people.length === 1) choose(people[0]);
    else if (!people.length) picker.form.requestSubmit();
  }

  input.addEventListener("input", () => {
    people = [];
    close();
    clearTimeout(timer);
    timer = setTimeout(find, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the input method
    if (event.key === "ArrowDown" && people.length) { event.preventDefault(); mark(at + 1); }
    else if (event.key === "ArrowUp" && people.length) { event.preventDefault(); mark(at - 1); }
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0 && !list.hidden) {
      if (event.key === "Enter") event.preventDefault();
      choose(people[at]);
    } else if (event.key === "Enter" && input.value.trim()) {
      event.preventDefault();
      findNow();
    }
  });
  input.addEventListener("blur", () => close());
}

for (const picker of document.querySelectorAll(".picker[data-search]")) startPicker(picker);
