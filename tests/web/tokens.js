// What of the design's tokens can be measured on a page: says each fault in words. Asked for with {body, key, lines, target}.
(tokens) => {
  const GAP = 8, SLACK = 0.6;
  const faults = [];
  const named = (one) => {
    const kind = one.className && typeof one.className === "string" ? "." + one.className.trim().replace(/\s+/g, ".") : "";
    const text = (one.innerText || one.getAttribute("aria-label") || one.name || "").trim().replace(/\s+/g, " ");
    return `${one.tagName.toLowerCase()}${kind} “${text.slice(0, 24)}”`;
  };
  const root = document.documentElement;
  const seen = (one) => one.checkVisibility() && !one.closest(".away, .skip");
  const all = [...document.querySelectorAll("body *")].filter(seen);
  const ownText = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

  // The text: how large, and in running text how far apart the lines are.
  if (Math.abs(parseFloat(getComputedStyle(document.body).fontSize) - tokens.body) > 0.1)
    faults.push(`body text of ${getComputedStyle(document.body).fontSize}`);
  for (const one of all.filter(ownText)) {
    if (one.closest("svg, .circle, .ticket, .member-card, option")) continue;
    const style = getComputedStyle(one), size = parseFloat(style.fontSize);
    if (size < tokens.body - 0.1 && !one.closest("h1, h2, h3")) faults.push(`text of ${size}: ${named(one)}`);
    const running = one.closest("p, li, dd, td, legend, label, .hint, .told") && !one.closest(".figures, .panel, h1, h2, h3");
    const lines = parseFloat(style.lineHeight) / size;
    if (running && lines < tokens.lines - 0.01) faults.push(`lines of ${lines.toFixed(2)}: ${named(one)}`);
    if (lines < 1.2 - 0.01) faults.push(`lines of ${lines.toFixed(2)}: ${named(one)}`);
  }
  for (const one of document.querySelectorAll(".figures .main dd, .panel strong"))
    if (seen(one) && Math.abs(parseFloat(getComputedStyle(one).fontSize) - tokens.key) > 0.1)
      faults.push(`key number of ${getComputedStyle(one).fontSize}: ${named(one)}`);

  // What is pressed. A link within a sentence is as large as its sentence; what lies in a larger label is as large as that.
  const inSentence = (one) => one.matches("a") && one.closest("p:not(.actions, .back, .turn, .next), dd, td:not(.acts), th")
    && !one.matches(".button") && getComputedStyle(one).display === "inline";
  const pressed = [...new Set(
    all.filter((one) => one.matches("a[href], button, summary, select, textarea, input:not([type=hidden])"))
      .filter((one) => !inSentence(one))
      .map((one) => (one.matches("[type=radio], [type=checkbox]") && one.closest("label")) || one)
  )].map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
  for (const [one, box] of pressed)
    if (Math.min(box.width, box.height) < tokens.target - SLACK)
      faults.push(`target of ${box.width.toFixed(0)} × ${box.height.toFixed(0)}: ${named(one)}`);
  pressed.forEach(([one, a], place) => {
    for (const [other, b] of pressed.slice(place + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const aside = Math.max(b.left - a.right, a.left - b.right), above = Math.max(b.top - a.bottom, a.top - b.bottom);
      if (Math.max(aside, above) < GAP - SLACK)
        faults.push(`gap of ${Math.max(aside, above).toFixed(1)}: ${named(one)} and ${named(other)}`);
    }
  });

  // Nothing runs out of the page, and nothing is cut off within it.
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} wide`);
  for (const one of all) {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (box.right > root.clientWidth + 1 && !one.closest("svg")) faults.push(`runs out at the right: ${named(one)}`);
    const cuts = (way) => way === "hidden" || way === "clip";
    if ((cuts(style.overflowX) && one.scrollWidth > one.clientWidth + 1) || (cuts(style.overflowY) && one.scrollHeight > one.clientHeight + 1))
      if (!one.matches("svg, svg *, input, select")) faults.push(`cut off: ${named(one)}`);
  }
  // A select is cut off where it would be wider if it only had to show what is chosen.
  for (const one of all.filter((one) => one.matches("select"))) {
    const alone = one.cloneNode(false);
    const said = one.selectedOptions[0]?.textContent.trim() ?? "";
    alone.append(new Option(said));
    alone.removeAttribute("id");
    alone.style.cssText = "position: absolute; width: auto; max-width: none";
    one.after(alone);
    if (alone.offsetWidth > one.offsetWidth + 1) faults.push(`cut off: the choice “${said}” (${alone.offsetWidth} in ${one.offsetWidth})`);
    alone.remove();
  }
  return [...new Set(faults)];
}
