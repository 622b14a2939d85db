
"use strict";
(() => {
  const LEVELS = ["critical", "high", "medium", "low", "unknown", "pass", "not-applicable", "skipped"];
  const CHUNK = 150;
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("data").textContent);

  // Text of others is set as text, never as markup.
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const button = (className, text, label) => {
    const made = make("button", { type: "button", className }, text);
    if (label) made.setAttribute("aria-label", label);
    return made;
  };
  const number = (count) => count.toLocaleString("en");
  const counted = (count, one) => `${number(count)} ${one}${count === 1 ? "" : "s"}`;

  const rows = data.file_systems.slice(1).flatMap((system, nth) =>
    system.findings.map((finding, within) => ({
      ...finding,
      system,
      about: data.checks[finding.check],
      level: finding.verdict === "fail" ? finding.severity : finding.verdict,
      order: nth * 1000 + within,
      text: null,
    })));

  const plain = (pieces) => pieces.map((piece) => piece.command ?? piece.text).join("");
  const place = (row) => row.system.profile ? `${row.system.region} (${row.system.profile})` : row.system.region;
  const places = new Set(rows.map(place));
  const toCopy = (row) => {
    const commands = row.remedy.filter((piece) => piece.command).map((piece) => piece.command);
    return commands.length ? commands.join("\n") : plain(row.remedy);
  };
  const textOf = (row) => row.text ??= [
    row.summary, row.check, row.level, row.severity, row.system.id, row.system.name ?? "", place(row), ...row.evidence, plain(row.remedy),
  ].join("\n").toLowerCase();

  // Filters. What is counted beside a choice is what the other filters leave.
  const chosen = { levels: new Set(), region: "", check: "", profile: "", text: "", onlyNew: false };
  const TESTS = {
    level: (row) => !chosen.levels.size || chosen.levels.has(row.level),
    region: (row) => !chosen.region || row.system.region === chosen.region,
    check: (row) => !chosen.check || row.check === chosen.check,
    profile: (row) => !chosen.profile || row.system.profile === chosen.profile,
    onlyNew: (row) => !chosen.onlyNew || !row.known,
    text: (row) => !chosen.text || chosen.text.split(/\s+/).every((word) => textOf(row).includes(word)),
  };
  const kept = (but) => {
    const tests = Object.entries(TESTS).filter(([name]) => name !== but).map(([, test]) => test);
    return rows.filter((row) => tests.every((test) => test(row)));
  };
  const tally = (from, key) => {
    const counts = new Map();
    for (const row of from) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
    return counts;
  };

  // Order.
  const collator = new Intl.Collator("en", { numeric: true });
  const worst = (row) => LEVELS.indexOf(row.level) * 10 + LEVELS.indexOf(row.severity);
  const BY = {
    level: (a, b) => worst(b) - worst(a),
    system: (a, b) => collator.compare(a.system.name ?? a.system.id, b.system.name ?? b.system.id) || collator.compare(a.system.id, b.system.id),
    region: (a, b) => collator.compare(place(a), place(b)),
    check: (a, b) => collator.compare(a.check, b.check),
  };
  const sort = { key: "level", down: true };

  // Copying.
  const copy = async (text, from) => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text, className: "apart" });
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      from.focus();
    }
    at("said").textContent = done ? `Copied: ${text}` : "Could not be copied: select the text instead";
    from.textContent = done ? "Copied" : "Failed";
    setTimeout(() => { from.textContent = "Copy"; }, 1200);
  };
  const copies = (text, label) => {
    const made = button("copy plain", "Copy", label);
    made.addEventListener("click", () => copy(text, made));
    return made;
  };

  // Rows.
  const details = (row) => {
    const list = make("dl");
    const add = (term, ...content) => list.append(make("dt", {}, term), make("dd", {}, ...content));
    if (row.evidence.length) add("evidence", make("ul", {}, ...row.evidence.map((line) => make("li", { className: "lines" }, line))));
    if (row.remedy.length) add("remedy", ...row.remedy.map((piece) => piece.command
      ? make("div", { className: "command" }, make("code", {}, piece.command), copies(piece.command, `Copy the command ${piece.command}`))
      : make("span", { className: "lines" }, piece.text)));
    add("why", row.about.why);
    add("passes when", row.about.title);
    if (row.level === "unknown") add("severity", `${row.severity}, if it fails`);
    if (row.about.reads.length) add("reads", make("code", {}, row.about.reads.join(", ")));
    if (row.about.controls.length) add("elsewhere", row.about.controls.join(", "));
    if (row.system.arn) add("ARN", make("code", {}, row.system.arn));
    return make("tr", { className: "details" }, make("td", { colSpan: places.size === 1 ? 4 : 5 }, list));
  };
  const toggle = (line, row) => {
    const open = line.querySelector(".open");
    const isOpen = open.getAttribute("aria-expanded") === "true";
    if (isOpen) line.nextElementSibling.remove(); else line.after(details(row));
    open.setAttribute("aria-expanded", String(!isOpen));
  };
  const lineOf = (row) => {
    const { system } = row;
    const open = button("open", row.summary);
    open.setAttribute("aria-expanded", "false");
    const remedy = row.remedy.length
      ? make("div", { className: "remedy" },
          make("span", {}, ...row.remedy.map((piece) => piece.command ? make("code", {}, piece.command) : piece.text)),
          copies(toCopy(row), `Copy the remedy of ${row.check} on ${system.id}`))
      : null;
    const line = make("tr", { className: "finding" },
      make("td", {},
        make("span", { className: `mark ${row.level}` }, row.level.replace("-", " ")),
        row.known ? make("span", { className: "mark known" }, "known") : null),
      make("td", {}, system.name ?? "", make("span", { className: "second" }, system.id)),
      make("td", {}, system.region, system.profile ? make("span", { className: "second" }, system.profile) : null),
      make("td", {}, open, make("span", { className: "second" }, row.check)),
      make("td", {}, remedy));
    line.addEventListener("click", (event) => {
      const isControl = event.target.closest("button") && event.target !== open;
      if (!isControl && (event.target === open || getSelection().isCollapsed)) toggle(line, row);
    });
    return line;
  };

  // Only what can be seen is made; the rest follows when it comes near.
  let shown = [];
  let made = 0;
  const append = (count) => {
    const next = shown.slice(made, made + count);
    at("rows").append(...next.map(lineOf));
    made += next.length;
    const left = shown.length - made;
    at("more").hidden = left === 0;
    at("more").firstElementChild.textContent = `Show more (${number(left)} left)`;
  };

  const option = (value, text) => make("option", { value }, text);
  const fill = (id, key, all) => {
    const counts = tally(kept(id), key);
    const values = [...tally(rows, key).keys()].filter((value) => value !== null).sort(collator.compare);
    at(id).replaceChildren(option("", all), ...values.map((value) => option(value, `${value} (${number(counts.get(value) ?? 0)})`)));
    at(id).value = chosen[id];
    at(id).hidden = values.length < 2;
  };
  const levels = () => {
    const counts = tally(kept("level"), (row) => row.level);
    for (const pill of at("levels").querySelectorAll("button")) {
      pill.lastElementChild.textContent = number(counts.get(pill.dataset.level) ?? 0);
      pill.setAttribute("aria-pressed", String(chosen.levels.has(pill.dataset.level)));
    }
  };

  const render = () => {
    const sign = sort.down ? -1 : 1;
    const by = BY[sort.key];
    shown = kept().sort((a, b) => sign * by(a, b) || worst(a) - worst(b) || a.order - b.order);
    for (const head of document.querySelectorAll("th[data-key]")) {
      if (head.dataset.key === sort.key) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    levels();
    fill("region", (row) => row.system.region, "All regions");
    fill("check", (row) => row.check, "All checks");
    fill("profile", (row) => row.system.profile, "All profiles");
    at("text").value = chosen.text;
    at("new").checked = chosen.onlyNew;
    at("rows").replaceChildren();
    made = 0;
    append(CHUNK);
    at("count").textContent = shown.length === rows.length ? counted(rows.length, "finding") : `${number(shown.length)} of ${counted(rows.length, "finding")}`;
    at("none").hidden = shown.length > 0 || !rows.length;
    at("none").textContent = "No finding has all of that. Reset shows them all.";
    at("findings").scrollTop = 0;
    remember();
  };

  // The filters are in the address, so that it can be sent.
  const remember = () => {
    const words = new URLSearchParams();
    if (chosen.levels.size) words.set("level", [...chosen.levels].join(","));
    for (const key of ["region", "check", "profile", "text"]) if (chosen[key]) words.set(key, chosen[key]);
    if (chosen.onlyNew) words.set("new", "yes");
    if (sort.key !== "level" || !sort.down) words.set("sort", (sort.down ? "-" : "") + sort.key);
    try { history.replaceState(null, "", words.size ? `#${words}` : location.pathname + location.search); } catch { /* not everywhere */ }
  };
  const recall = (hash) => {
    const words = new URLSearchParams(hash.slice(1));
    chosen.levels = new Set((words.get("level") ?? "").split(",").filter((level) => LEVELS.includes(level)));
    for (const key of ["region", "check", "profile", "text"]) chosen[key] = words.get(key) ?? "";
    chosen.onlyNew = words.has("new");
    const [, minus, key] = /^(-?)(level|system|region|check)$/.exec(words.get("sort")) ?? ["", "-", "level"];
    Object.assign(sort, { key, down: minus === "-" });
  };

  // What is on the page from the beginning.
  at("sums").textContent = [...(places.size === 1 ? places : []), data.sums, data.at].filter(Boolean).join(" · ");
  at("table").classList.toggle("one-place", places.size === 1);
  for (const gap of data.gaps) {
    at("gaps").append(make("li", {}, make("span", { className: `mark ${gap.level}` }, gap.level), ` ${gap.text}`));
  }
  at("gaps").hidden = !data.gaps.length;
  at("note").textContent = data.all || !data.file_systems[1] ? "" : "Failed and unknown checks are listed; --show-all lists the others too.";
  const isEmpty = !rows.length;
  if (isEmpty) {
    at("none").textContent = data.file_systems[1] ? "No check failed, and none is unknown." : "";
    at("none").hidden = false;
    return;
  }
  const present = tally(rows, (row) => row.level);
  for (const level of LEVELS.filter((level) => present.has(level))) {
    const pill = button(level, `${level.replace("-", " ")} `);
    pill.dataset.level = level;
    pill.append(make("b"));
    pill.addEventListener("click", () => {
      if (!chosen.levels.delete(level)) chosen.levels.add(level);
      render();
    });
    at("levels").append(pill);
  }
  for (const id of ["filters", "table", "keys"]) at(id).hidden = false;
  at("new-only").hidden = !data.baseline;
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    recall("");
    render();
  });
  for (const id of ["region", "check", "profile"]) {
    at(id).addEventListener("change", () => { chosen[id] = at(id).value; render(); });
  }
  at("new").addEventListener("change", () => { chosen.onlyNew = at("new").checked; render(); });
  let soon = 0;
  at("text").addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => { chosen.text = at("text").value.toLowerCase().trim(); render(); }, 120);
  });
  for (const head of document.querySelectorAll("th[data-key] button")) {
    head.addEventListener("click", () => {
      const { key } = head.parentElement.dataset;
      Object.assign(sort, { key, down: sort.key === key ? !sort.down : key === "level" });
      render();
    });
  }
  at("more").firstElementChild.addEventListener("click", () => {
    const first = made;
    append(CHUNK);
    document.querySelectorAll(".open")[first]?.focus();
  });
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) append(CHUNK);
  }).observe(at("more"));
  addEventListener("beforeprint", () => append(shown.length));
  addEventListener("hashchange", () => { recall(location.hash); render(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (event.key === "/" && !target.matches("input, select")) {
      event.preventDefault();
      at("text").focus();
    } else if (target.matches(".open")) {
      const all = [...document.querySelectorAll(".open")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        all[all.indexOf(target) + step]?.focus();
      } else if (event.key === "c") {
        target.closest("tr").querySelector(".copy")?.click();
      }
    }
  });
  recall(location.hash);
  render();
})();
