// What a page says in another language than its own, as [words, where]; names and data of people are marked or sifted later.
() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const other = chinese ? /[A-Za-z]{2,}/ : /[\u3400-\u9fff]/;
  const mine = chinese ? "zh" : "en";
  const found = [];
  const keep = (text, one) => {
    const marked = one.closest("[lang]").lang;
    if (other.test(text) && marked.startsWith(mine) && !one.closest("code, pre, .code, script, style")) found.push(text.trim().replace(/\s+/g, " "));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) keep(node.data, node.parentElement);
  keep(document.title, document.documentElement);
  for (const one of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]"))
    for (const name of ["aria-label", "title", "alt", "placeholder"]) keep(one.getAttribute(name) ?? "", one);
  return [...new Set(found)];
}
