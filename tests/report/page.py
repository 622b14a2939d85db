"""Drives reports in headless Chromium: what they show, that they react, that they can be read, and that nothing leaves them.

page.py FOLDER: messy.html, thousand.html, adversarial.html and facts.json, what they have to show. Pictures of them are saved in the folder that
EFSCTL_SCREENSHOTS names. CHROMIUM and CHROMEDRIVER name the programs.
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

LEVELS = ["critical", "high", "medium", "low", "unknown", "pass", "not-applicable", "skipped"]
ARGUMENTS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --disable-dev-shm-usage""".split()

# Every visible text with its colour, what is behind it, and the ratio of WCAG 2.2 (relative luminance, contrast ratio).
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data]; };
const behind = (element) => { for (let up = element; up; up = up.parentElement) {
  const colour = rgba(getComputedStyle(up).backgroundColor); if (colour[3] === 255) return colour; } return [255, 255, 255, 255]; };
const luminance = (colour) => { const [r, g, b] = colour.slice(0, 3).map((one) => { const s = one / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const found = [];
const add = (text, colour, element) => { const [a, b] = [luminance(rgba(colour)), luminance(behind(element))];
  found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.tagName + "." + element.className, text.slice(0, 40)]); };
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (walker.currentNode.data.trim() && !element.closest("script, noscript, option") && element.checkVisibility({ visibilityProperty: true }))
    add(walker.currentNode.data, getComputedStyle(element).color, element);
}
for (const input of document.querySelectorAll("input, select"))
  if (input.checkVisibility()) {
    add(input.value || "control", getComputedStyle(input).color, input);
    if (input.placeholder) add(input.placeholder, getComputedStyle(input, "::placeholder").color, input);
  }
return found;
"""


class Page:
    def __init__(self, driver, folder):
        self.driver, self.folder = driver, folder

    def open(self, name, scheme="light", size=(1280, 800), address=""):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        width, height = size
        shape = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
        self.driver.get("about:blank")
        self.driver.get((self.folder / name).as_uri() + address)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def count(self):
        return self.one("#count").text

    def column(self, nth):
        return self.run("return [...document.querySelectorAll(`tr.finding td:nth-child(${arguments[0]}`)].map((cell) => cell.innerText)", nth)

    def until(self, what, condition):
        WebDriverWait(self.driver, 60).until(lambda _: condition(), what)

    def press(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def shoot(self, name):
        if shots := os.environ.get("EFSCTL_SCREENSHOTS"):
            self.driver.save_screenshot(str(Path(shots) / f"{name}.png"))

    def is_readable(self, where):
        found = self.run(CONTRAST)
        assert len(found) > 20, (where, found)
        poor = [one for one in found if one[0] < 4.5]
        assert not poor, (where, poor)
        return min(one[0] for one in found)


def is_equal(found, wanted, what):
    assert found == wanted, f"{what}: {found!r} is not {wanted!r}"


def rows(page, facts):
    page.open("messy.html")
    findings = facts["messy"]
    is_equal(len(page.all("tr.finding")), len(findings), "rows")
    is_equal(page.count(), f"{len(findings)} findings", "count")
    levels = [level for level in LEVELS if any(one["level"] == level for one in findings)]
    wanted = [f"{level.replace('-', ' ')} {sum(one['level'] == level for one in findings)}" for level in levels]
    is_equal([re.sub(r"\s+", " ", pill.text) for pill in page.all("#levels button")], wanted, "counts by severity")
    shown = page.run("""return [...document.querySelectorAll("tr.finding")].map((row) => [
        row.querySelector(".mark").textContent, row.cells[1].querySelector(".second").textContent, row.cells[3].querySelector(".second").textContent])""")
    is_equal(sorted(shown), sorted([one["level"], one["file_system"], one["check"]] for one in findings), "what is shown")


def filters(page, facts):
    page.open("messy.html")
    findings = facts["messy"]
    of = lambda **wanted: sum(all(one[key] == value for key, value in wanted.items()) for one in findings)
    page.one("#levels .high").click()
    is_equal(len(page.all("tr.finding")), of(level="high"), "high")
    is_equal(page.one("#levels .high").get_attribute("aria-pressed"), "true", "pressed")
    page.one("#levels .low").click()
    is_equal(len(page.all("tr.finding")), of(level="high") + of(level="low"), "high and low")
    page.one("#levels .low").click()
    check = next(one["check"] for one in findings if one["level"] == "high")
    Select(page.one("#check")).select_by_value(check)
    is_equal(len(page.all("tr.finding")), of(level="high", check=check), "high, of one check")
    address = page.run("return location.hash")
    is_equal(address, f"#level=high&check={check}", "the address")
    page.one("[type=reset]").click()
    is_equal(len(page.all("tr.finding")), len(findings), "reset")
    page.open("messy.html", address=address)
    is_equal(len(page.all("tr.finding")), of(level="high", check=check), "the address, opened")
    page.one("[type=reset]").click()
    page.one("#text").send_keys(findings[0]["file_system"] + "  " + findings[0]["check"])
    page.until("text", lambda: len(page.all("tr.finding")) == of(file_system=findings[0]["file_system"], check=findings[0]["check"]))
    page.one("#text").send_keys(" nothing has this")
    page.until("nothing", lambda: not page.all("tr.finding"))
    is_equal(page.one("#none").text, "No finding has all of that. Reset shows them all.", "nothing left")
    page.open("adversarial.html")
    Select(page.one("#region")).select_by_value("us-east-1")
    wanted = sum(one["region"] == "us-east-1" for one in facts["adversarial"])
    is_equal((len(page.all("tr.finding")), 0 < wanted < len(facts["adversarial"])), (wanted, True), "one region")


def sorting(page, facts):
    page.open("messy.html")
    rank = lambda: [LEVELS.index(level) for level in page.column(1)]
    is_equal(rank(), sorted(rank()), "worst first")
    is_equal(page.one("[data-key=level]").get_attribute("aria-sort"), "descending", "aria-sort")
    page.one("[data-key=level] button").click()
    is_equal(rank(), sorted(rank(), reverse=True), "worst last")
    page.one("[data-key=check] button").click()
    checks = lambda: page.run("return [...document.querySelectorAll('.open + .second')].map((one) => one.textContent)")
    is_equal(checks(), sorted(one["check"] for one in facts["messy"]), "by check")
    is_equal([head.get_attribute("data-key") for head in page.all("[aria-sort]")], ["check"], "one order")
    page.one("[data-key=check] button").click()
    is_equal(checks(), sorted((one["check"] for one in facts["messy"]), reverse=True), "by check, from the end")


def remedies(page, facts):
    page.open("messy.html")
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    with_command = next(one for one in facts["messy"] if one["commands"])
    page.one("#text").send_keys(with_command["file_system"] + " " + with_command["check"])
    page.until("found", lambda: len(page.all("tr.finding")) == 1)
    page.one("tr.finding .copy").click()
    page.until("copied", lambda: page.run("return window.copied") == "\n".join(with_command["commands"]))
    page.until("it says so", lambda: page.one("#said").get_attribute("textContent").startswith("Copied: "))
    page.one(".open").click()
    code = [one.text for one in page.all("tr.details .command code")]
    is_equal(code, with_command["commands"], "commands")
    # Where a browser keeps the clipboard from a page, the old way is taken.
    page.run("""navigator.clipboard.writeText = async () => { throw new Error("no"); };
        document.execCommand = () => { window.copied = document.activeElement.value; return true; };""")
    page.one("tr.details .copy").click()
    page.until("copied the old way", lambda: page.run("return window.copied") == with_command["commands"][0])


def keyboard(page, facts):
    page.open("messy.html")
    page.press("/")
    is_equal(page.driver.switch_to.active_element.get_attribute("id"), "text", "/ finds")
    page.open("messy.html")
    reached = []
    for _ in range(30):
        page.press(Keys.TAB)
        active = page.driver.switch_to.active_element
        outline = page.run("const style = getComputedStyle(arguments[0]); return [style.outlineStyle, parseFloat(style.outlineWidth)]", active)
        assert outline[0] != "none" and outline[1] >= 1, (active.get_attribute("outerHTML")[:80], outline)
        reached.append(active.get_attribute("id") or active.get_attribute("class") or active.text)
        if "open" in reached:
            break
    for stop in ["critical", "check", "text", "plain", "findings", "Severity", "open"]:
        assert any(stop in one for one in reached), (stop, reached)
    page.press(Keys.ARROW_DOWN)
    second = page.all(".open")[1]
    is_equal(page.driver.switch_to.active_element, second, "down")
    page.press(Keys.ENTER)
    is_equal((second.get_attribute("aria-expanded"), len(page.all("tr.details"))), ("true", 1), "Enter opens")
    page.press(Keys.ENTER)
    is_equal((second.get_attribute("aria-expanded"), len(page.all("tr.details"))), ("false", 0), "and closes")
    page.press(Keys.ARROW_UP)
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.press("c")
    page.until("c copies", lambda: page.run("return !!window.copied"))
    page.all("#levels button")[0].send_keys(Keys.SPACE)
    is_equal(set(page.column(1)), {page.all("#levels button")[0].get_attribute("data-level")}, "Space chooses")


def contrast(page, facts):
    least = []
    for scheme in ["light", "dark"]:
        for name, size in [("messy", (1280, 800)), ("messy", (390, 844)), ("adversarial", (1000, 700)), ("thousand", (1440, 900))]:
            page.open(f"{name}.html", scheme, size)
            page.all(".open")[0].click()
            page.all("#levels button")[0].click()
            page.all("#levels button")[0].click()
            page.all(".open")[0].click()
            least.append(page.is_readable((name, scheme, size)))
            overflow = page.run("return document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, (name, scheme, size, overflow)
            page.shoot(f"{name}-{scheme}-{size[0]}")
    page.run("""const poor = document.createElement("p"); poor.textContent = "poor"; poor.style.color = "#999"; poor.style.backgroundColor = "#eee";
        document.querySelector("main").prepend(poor);""")
    is_equal([one[2] for one in page.run(CONTRAST) if one[0] < 4.5], ["poor"], "what is poor is found")
    print(f"contrast: at least {min(least):.1f}:1")


def thousand(page, facts):
    page.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    page.open("thousand.html")
    is_equal(page.count(), f"{facts['thousand']:,} findings", "count")
    # What is made follows what can be seen, and not what there is.
    nodes = page.run("return document.querySelectorAll('*').length")
    assert nodes < 12_000, nodes
    metrics = {one["name"]: one["value"] for one in page.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}
    # Of the processor, which other programs do not lengthen as they do the time by the clock.
    assert metrics["TaskDuration"] < 1, metrics
    loaded = page.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    print(f"1,000 file systems: {metrics['TaskDuration'] * 1000:.0f} ms of the processor, loaded after {loaded:.0f} ms, {nodes} elements")
    before = len(page.all("tr.finding"))
    page.run("document.getElementById('findings').scrollTop = 1e9")
    page.until("more", lambda: len(page.all("tr.finding")) > before)
    page.one("#more button").send_keys(Keys.ENTER)
    is_equal(page.driver.switch_to.active_element.get_attribute("class"), "open", "the first that came")


def adversarial(page, facts):
    page.open("adversarial.html")
    findings = facts["adversarial"]
    is_equal(len(page.all("tr.finding")), len(findings), "rows")
    names = page.run("return [...document.querySelectorAll('tr.finding')].map((row) => row.cells[1].firstChild.data)")
    assert facts["name"] in names, names
    for opened in page.all(".open"):
        opened.click()
    text = page.run("return document.getElementById('rows').textContent")
    for line in facts["evidence"]:
        assert line in text, line
    is_equal(len(page.all("script")), 2, "scripts")
    is_equal(page.run("return window.ran"), None, "nothing of others runs")
    assert not page.all("#rows img, #rows b, #rows a"), "nothing of others is markup"
    gap = page.one("#gaps").text
    assert facts["unseen"] in gap, gap


def stays_here(page):
    """What was requested since the first page: the pages themselves."""
    asked = [json.loads(entry["message"])["message"] for entry in page.driver.get_log("performance")]
    asked = {one["params"]["request"]["url"].split("#")[0] for one in asked if one["method"] == "Network.requestWillBeSent"}
    pages = {(page.folder / f"{name}.html").as_uri() for name in ["messy", "thousand", "adversarial"]}
    strangers = {url for url in asked - pages if not url.startswith(("data:", "about:"))}
    is_equal(strangers, set(), "requests besides the pages")
    is_equal(asked & pages, pages, "the pages, which are requested")


def main():
    folder = Path(sys.argv[1])
    facts = json.loads((folder / "facts.json").read_text())
    options = webdriver.ChromeOptions()
    options.binary_location = os.environ["CHROMIUM"]
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in [*ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}"]:
            options.add_argument(argument)
        driver = webdriver.Chrome(options=options, service=Service(os.environ["CHROMEDRIVER"]))
        try:
            print(f"{driver.capabilities['browserName']} {driver.capabilities['browserVersion']}")
            page = Page(driver, folder)
            # What the browser shows of its own at the beginning, and asks itself for, is over.
            driver.get("about:blank")
            driver.get_log("performance")
            for part in [rows, filters, sorting, remedies, keyboard, contrast, thousand, adversarial]:
                part(page, facts)
                said = driver.get_log("browser")
                assert not said, (part.__name__, said)
            stays_here(page)
        finally:
            driver.quit()


main()
