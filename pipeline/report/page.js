"use strict";
// The reader: pairs from the page's blocks of JSON, filtered, and only those in view drawn. Text goes in as text nodes.
(() => {
  const $ = (id) => document.getElementById(id);
  const [DOC, INDEX, LANG, CERTAINTY, SRC, TGT, SCORE, FLAGS, FIXES] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
  const [list, space, status, query] = ["list", "space", "status", "query"].map($);
  const count = (n) => n.toLocaleString("en");

  const pairs = [];
  for (const block of document.querySelectorAll("script.pairs")) {
    const { documents, pairs: rows } = JSON.parse(block.textContent);
    for (const row of rows) {
      row[DOC] = documents[row[DOC]];
      if (row[TGT] === 0) row[TGT] = row[SRC];
      pairs.push(row);
    }
    block.remove();
  }

  // Filters

  let haystack = null; // lower-cased texts, made by the first search
  let chosen = new Int32Array(0); // the pairs that pass, in the order shown
  let pattern = null; // what to mark in them

  function choices(select, all, counts, label) {
    select.append(new Option(`${all} (${count(pairs.length)})`, ""));
    for (const [value, n] of [...counts].sort((a, b) => b[1] - a[1])) select.append(new Option(`${label(value)} (${count(n)})`, value));
  }

  function tally(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }

  function nameOf(code) {
    if (code === "und") return "undetermined";
    try { return names.of(code); } catch { return code; }
  }

  choices($("language"), "all", tally(pairs.map((pair) => pair[LANG])), nameOf);
  choices($("flag"), "any or none", tally(pairs.flatMap((pair) => pair[FLAGS])), (flag) => flag);
  const flagged = pairs.filter((pair) => pair[FLAGS].length).length;
  $("flag").options[0].after(new Option(`flagged (${count(flagged)})`, "\0some"), new Option(`not flagged (${count(pairs.length - flagged)})`, "\0none"));

  function tests() {
    const found = [];
    const [lang, flag, from, to] = ["language", "flag", "from", "to"].map((id) => $(id).value);
    const wanted = query.value.trim().toLowerCase();
    if (lang) found.push((at) => pairs[at][LANG] === lang);
    if (flag === "\0some") found.push((at) => pairs[at][FLAGS].length > 0);
    else if (flag === "\0none") found.push((at) => pairs[at][FLAGS].length === 0);
    else if (flag) found.push((at) => pairs[at][FLAGS].includes(flag));
    if (from !== "") found.push((at) => pairs[at][SCORE] !== null && pairs[at][SCORE] >= Number(from));
    if (to !== "") found.push((at) => pairs[at][SCORE] !== null && pairs[at][SCORE] <= Number(to));
    pattern = wanted ? new RegExp(wanted.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "gi") : null;
    if (wanted) {
      haystack ??= pairs.map((pair) => `${pair[SRC]}\n${pair[TGT] ?? ""}`.toLowerCase());
      found.push((at) => haystack[at].includes(wanted));
    }
    return found;
  }

  const orders = {
    score: (a, b) => (pairs[a][SCORE] ?? 1) - (pairs[b][SCORE] ?? 1) || a - b,
    length: (a, b) => pairs[b][SRC].length - pairs[a][SRC].length || a - b,
  };

  function filter() {
    const held = selected;
    const passes = tests();
    chosen = Int32Array.from(pairs.keys()).filter((at) => passes.every((test) => test(at)));
    const order = orders[$("order").value];
    if (order) chosen.sort(order);
    status.textContent = chosen.length === pairs.length ? `${count(pairs.length)} pairs` : `${count(chosen.length)} of ${count(pairs.length)} pairs`;
    if (!pairs.length) status.textContent = "The run has no pairs.";
    clear();
    place();
    list.scrollTop = 0;
    draw();
    select(Math.max(0, chosen.indexOf(held))); // whoever clears a search sees what stands around the pair it found
  }

  // The list: rows have the height they need, known once they have been drawn and guessed before

  const GAP = 600; // pixels drawn above and below what is in view
  const drawn = new Map(); // place in the list → element
  let heights = new Float32Array(pairs.length);
  let tops = new Float64Array(1);
  let selected = 0; // the pair, not its place
  let width = 0;

  function guess() {
    const side = width > 700 ? width / 2 - 40 : width - 40;
    const lines = (text) => Math.ceil((text ?? "").length / Math.max(side / 7.6, 8));
    heights = Float32Array.from(pairs, (pair) => {
      const [src, tgt] = [lines(pair[SRC]), lines(pair[TGT])];
      return 46 + 24 * Math.max(1, width > 700 ? Math.max(src, tgt) : src + tgt);
    });
  }

  function place() {
    tops = new Float64Array(chosen.length + 1);
    for (let at = 0; at < chosen.length; at++) tops[at + 1] = tops[at] + heights[chosen[at]];
    space.style.height = `${tops[chosen.length]}px`;
  }

  function placeAt(y) {
    let [low, high] = [0, chosen.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tops[middle + 1] <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function clear() {
    for (const row of drawn.values()) row.remove();
    drawn.clear();
  }

  function draw() {
    for (let round = 0; round < 4; round++) {
      const first = placeAt(list.scrollTop - GAP);
      const last = Math.min(placeAt(list.scrollTop + list.clientHeight + GAP), chosen.length - 1);
      for (const [at, row] of drawn) if (at < first || at > last) { row.remove(); drawn.delete(at); }
      for (let at = first; at <= last; at++) {
        if (drawn.has(at)) continue;
        const row = rowOf(at);
        drawn.set(at, row);
        space.append(row);
      }
      if (!measure()) break;
    }
    for (const [at, row] of drawn) row.style.transform = `translateY(${tops[at]}px)`;
  }

  function measure() {
    const anchor = placeAt(list.scrollTop);
    const before = tops[anchor];
    let changed = false;
    for (const [at, row] of drawn) {
      const height = row.offsetHeight;
      if (height && Math.abs(heights[chosen[at]] - height) > 0.5) {
        heights[chosen[at]] = height;
        changed = true;
      }
    }
    if (changed) {
      place();
      if (tops[anchor] !== before) list.scrollTop += tops[anchor] - before;
    }
    return changed;
  }

  // Rows

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function visible(text) {
    return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (c) => (c < " " ? String.fromCharCode(0x2400 + c.charCodeAt(0)) : c === "\x7f" ? "\u2421" : "\ufffd"));
  }

  function textOf(text, lang) {
    const side = element("bdi");
    side.dir = "auto";
    if (/^[a-z]{2,3}$/.test(lang) && lang !== "und") side.lang = lang;
    let at = 0;
    for (const match of pattern ? text.matchAll(pattern) : []) {
      side.append(visible(text.slice(at, match.index)), element("mark", "", visible(match[0])));
      at = match.index + match[0].length;
    }
    side.append(visible(text.slice(at)));
    return side;
  }

  function rowOf(at) {
    const pair = pairs[chosen[at]];
    const row = element("div", "row");
    row.id = `row-${at}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-posinset", at + 1);
    row.setAttribute("aria-setsize", chosen.length);
    row.setAttribute("aria-selected", chosen[at] === selected);
    const texts = element("div", "texts");
    texts.append(textOf(pair[SRC], pair[LANG]), pair[TGT] === null ? element("p", "none", "not translated") : textOf(pair[TGT], "en"));
    row.append(aboutOf(pair), texts);
    return row;
  }

  function aboutOf(pair) {
    const about = element("p", "about");
    const lang = element("span", "lang", pair[LANG]);
    lang.title = `${nameOf(pair[LANG])}, certainty ${pair[CERTAINTY]}`;
    const source = element("bdi", "", `${visible(pair[DOC][1])} · ${pair[INDEX]}`);
    source.dir = "auto";
    source.title = `${pair[DOC][0]}-${pair[INDEX]}`;
    about.append(lang, source);
    if (pair[SCORE] !== null) about.append(element("span", "", `score ${pair[SCORE].toFixed(2).replace("-", "−")}`));
    for (const flag of pair[FLAGS]) about.append(element("span", "chip", visible(flag)));
    if (pair[FIXES].length) about.append(element("span", "", `repaired: ${visible(pair[FIXES].join(", "))}`));
    return about;
  }

  // Selection and keys

  function select(at, scroll = true) {
    if (!chosen.length) { list.removeAttribute("aria-activedescendant"); return; }
    at = Math.min(Math.max(at, 0), chosen.length - 1);
    selected = chosen[at];
    if (scroll) bringIn(at);
    for (const [place, row] of drawn) row.setAttribute("aria-selected", place === at);
    list.setAttribute("aria-activedescendant", `row-${at}`);
  }

  function bringIn(at) {
    for (let round = 0; round < 3; round++) { // once more where a guessed height was wrong
      if (tops[at] < list.scrollTop) list.scrollTop = tops[at];
      else if (tops[at + 1] > list.scrollTop + list.clientHeight) list.scrollTop = tops[at + 1] - list.clientHeight;
      draw();
    }
  }

  function nextFlagged(from) {
    for (let at = from + 1; at < chosen.length; at++) if (pairs[chosen[at]][FLAGS].length) return at;
    return from;
  }

  const steps = {
    ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, PageDown: (at) => at + 10, PageUp: (at) => at - 10,
    Home: () => 0, End: () => chosen.length - 1,
  };
  const letters = { j: (at) => at + 1, k: (at) => at - 1, n: nextFlagged };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select");
    if (event.key === "Escape" && typing) { list.focus(); event.preventDefault(); return; }
    if (typing) return;
    if (event.key === "/") { query.focus(); query.select(); event.preventDefault(); return; }
    const step = letters[event.key] ?? (document.activeElement === list ? steps[event.key] : undefined);
    if (!step) return;
    event.preventDefault();
    select(step(chosen.indexOf(selected)));
  });

  list.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) select(Number(row.id.slice(4)), false);
  });

  let waiting = 0;
  function soon() { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(draw); }
  list.addEventListener("scroll", soon, { passive: true });

  let typed = 0;
  query.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(filter, 90); });
  for (const id of ["from", "to"]) $(id).addEventListener("input", filter);
  for (const id of ["language", "flag", "order"]) $(id).addEventListener("change", filter);
  document.querySelector("form.tools").addEventListener("submit", (event) => event.preventDefault());

  new ResizeObserver(() => {
    if (list.clientWidth === width) return soon();
    const top = chosen.length ? placeAt(list.scrollTop) : 0;
    width = list.clientWidth;
    guess();
    place();
    clear();
    list.scrollTop = tops[top] ?? 0;
    draw();
  }).observe(list);

  width = list.clientWidth;
  guess();
  filter();
  document.documentElement.dataset.ready = "true";
})();
