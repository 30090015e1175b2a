"""Browser tests: Chromium at a phone's size, axe, and a page that must stay quiet.

Each test here is written in the sync Playwright API (`page`, `live_server`). The site's CSP holds in tests too, so
page.wait_for_function() fails; wait for a locator instead. Without JavaScript:
new_context(java_script_enabled=False).new_page().
"""

import os
from pathlib import Path

import pytest

from tests.browser import chromium_program

# Playwright keeps an event loop in the test's thread, and Django then refuses its ORM there and in every later test of
# the process. Nothing here is really asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

AXE = Path(__file__).with_name("axe.min.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", e => console.error(
    `CSP: ${e.effectiveDirective} forbids ${e.blockedURI} ${e.sample} (${e.sourceFile}:${e.lineNumber})`))"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    program = chromium_program()
    if not program:
        pytest.fail("No Chromium: ./run test installs it when root; otherwise: sudo apt install chromium")
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}


@pytest.fixture
def noise(live_server):
    """What the browser complained of. A test that expects a complaint, as of a 409, takes it out."""
    return []


@pytest.fixture
def new_context(new_context, noise, live_server):
    """Playwright's, watched: console errors, script errors, CSP violations and requests to another host are noise."""

    def on_console(message):
        if message.type == "error":
            noise.append(f"{message.text} {message.location['url']}")

    def on_request(request):
        if not request.url.startswith(("data:", "blob:", live_server.url + "/")):
            noise.append(f"left the server: {request.url}")

    def make(**options):
        context = new_context(**options)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", on_console)
        context.on("weberror", lambda error: noise.append(str(error.error)))
        context.on("request", on_request)
        return context

    return make


@pytest.fixture(autouse=True)
def quiet_page(context, noise):
    """Every browser test fails if any of its pages made a noise."""
    yield noise
    for page in context.pages:
        page.evaluate("0")  # lets the last events arrive
    assert noise == []


@pytest.fixture
def axe(page):
    """axe() is a list of what axe finds wrong with the page as it is now; axe(other_page) of another."""

    def run(page=page):
        page.evaluate(AXE)  # evaluate() is not subject to the page's CSP
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
        )
        return [
            f"{violation['id']} {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
