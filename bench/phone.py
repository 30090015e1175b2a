"""P7: how much a phone loads of each page, and how soon it shows it: 1.6 Mbit/s, 150 ms, a quarter of the CPU.

Every page is loaded into an empty cache, three times; times are the middle ones.
"""

import shutil
import statistics
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from playwright.sync_api import sync_playwright
from whitenoise.compress import Compressor

from assessments.collecting import ballots
from bench.measuring import against
from bench.server import serving
from tests.browser import chromium_program

TIMES = 3
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER = 4
DRAWN = "figure[data-chart][data-ready]"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
WATCH = """
const seen = (type, tell, more) => new PerformanceObserver(list => list.getEntries().forEach(tell))
    .observe({type, buffered: true, ...more});
seen("largest-contentful-paint", entry => window.measured("lcp", entry.startTime));
seen("layout-shift", entry => entry.hadRecentInput || window.measured("shift", entry.value));
seen("event", entry => entry.interactionId && window.measured("answered", entry.duration), {durationThreshold: 16});
"""


@dataclass(frozen=True)
class Page:
    """A page to load, who reads it, the goals it is held against, and what is pressed on it when it is there."""

    name: str
    user: object
    address: str
    kilobytes: float
    requests: float | None = None
    lcp: float = 2.5
    press: str = ""
    scroll: str = ""  # what is scrolled to once the page is there: charts are drawn where they are seen


@dataclass
class Load:
    """What one load of a page came to: bytes by kind of file, and what the browser told of its times."""

    sizes: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    told: dict[str, list[float]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def pages(world) -> list[Page]:
    """Ballot, results and dashboards."""
    ballots.begin(assessment=world.asking, user=world.members[1], device=None, voice="parent")
    member, asking, (lead, last) = world.members[1], world.asking, world.lead_of_generated()
    results, state, slug = f"/c/{last.coalition.slug}/results/", world.state, world.shown.slug
    return [
        Page("ballot, first page", member, asking.url("ballot"), 76, 8, 1.4),
        Page("ballot, a question", member, asking.url("ballot_question", "1.1"), 76, 8, 1.4, press="[name=level]"),
        Page("ballot, last page", member, asking.url("ballot_check"), 76, 8, 1.4),
        Page("results of a coalition", lead, results, 64, lcp=1.0, press="summary"),
        Page("results of a milestone", lead, f"{results}cohesion/", 64, lcp=1.0, press="summary"),
        Page("the table across states", world.funder, "/states/?q=2016q2", 64),
        Page("the map", world.funder, "/states/?q=2016q2&view=map&m=cohesion", 64),
        Page("the cards", world.funder, "/states/?q=2016q2&view=cards", 64),
        Page("over time, with Plotly", world.funder, f"/states/?view=trend&states={state}&m=cohesion", 451,
             scroll="figure[data-chart]"),
        Page("a state", world.funder, f"/states/{state}/", 64, lcp=1.0, press="summary"),
        Page("a coalition of it", world.funder, f"/states/{state}/{slug}/", 64, lcp=1.0, press="summary"),
    ]  # fmt: skip


def run(world):
    asked = pages(world)
    sessions = [world.client(page.user).cookies[settings.SESSION_COOKIE_NAME].value for page in asked]
    with tempfile.TemporaryDirectory() as folder:
        compress(Path(folder) / "static")
        with serving(2, BENCH_STATIC=f"{folder}/static") as server, browser() as chromium:
            for page, session in zip(asked, sessions, strict=True):
                loads = [load(chromium, server.address, page, session) for _time in range(TIMES)]
                print(line(page, loads), flush=True)


def compress(folder: Path):
    """The static files with their compressed copies, as collectstatic makes them in production."""
    shutil.copytree(settings.BASE_DIR / "static", folder)
    compressor = Compressor(quiet=True)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if compressor.should_compress(path.name):
            list(compressor.compress(str(path)))


@contextmanager
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_program(), args=CHROMIUM)
        yield started
        started.close()


def load(chromium, site: str, page: Page, session: str) -> Load:
    """Load a page on a phone that has seen nothing of the site, and press what is to be pressed."""
    found = Load()
    context = chromium.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    context.expose_function("measured", lambda kind, value: found.told.setdefault(kind, []).append(value))
    context.add_init_script(WATCH)
    tab = context.new_page()
    wire, kinds = context.new_cdp_session(tab), {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def arrived(event):
        kind = kinds.get(event["requestId"], "Other")
        found.sizes[kind] = found.sizes.get(kind, 0) + int(event["encodedDataLength"])
        found.requests += 1

    wire.on("Network.loadingFinished", arrived)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tab.goto(site + page.address, wait_until="networkidle", timeout=60_000)
    tab.wait_for_timeout(500)
    if page.scroll:
        tab.locator(page.scroll).first.scroll_into_view_if_needed()
        tab.locator(DRAWN).first.wait_for(state="attached", timeout=60_000)
    if page.press:
        whole, requests = dict(found.sizes), found.requests
        tab.locator(page.press).first.click()
        tab.wait_for_timeout(1000)
        found.sizes, found.requests = whole, requests
    context.close()
    return found


def line(page: Page, loads: list[Load]) -> str:
    """One page in words, with its goals."""
    first = loads[0]
    kilobytes = first.total / 1000
    lcp = statistics.median(max(one.told.get("lcp", [0])) for one in loads) / 1000
    shift = max(sum(one.told.get("shift", [])) for one in loads)
    answered = [max(one.told["answered"]) for one in loads if "answered" in one.told]
    sizes = ", ".join(f"{kind.lower()} {size / 1000:.1f}" for kind, size in sorted(first.sizes.items()))
    goals = [f"kB {against(round(kilobytes, 1), page.kilobytes)}", f"LCP {against(round(lcp, 2), page.lcp)}"]
    if page.requests:
        goals.append(f"requests {against(first.requests, page.requests)}")
    goals.append(f"shift {against(round(shift, 3), 0.05)}")
    pressed = ""
    if answered:
        pressed = f", answers a press in {statistics.median(answered):.0f} ms"
        goals.append(f"press {against(statistics.median(answered), 200)}")
    return (
        f"  P7 {page.name:26} {kilobytes:6.1f} kB ({sizes}) in {first.requests} requests, LCP {lcp:.2f} s, shift "
        f"{shift:.3f}{pressed}  [{'; '.join(goals)}]"
    )
