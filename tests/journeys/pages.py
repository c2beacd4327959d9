"""What people do on the pages, in their words: register, record, ask, decide."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests import factories

# A small file that is a PDF by name and content.
PAPER = {
    "name": "paper.pdf",
    "mimeType": "application/pdf",
    "buffer": factories.PDF,
}


@dataclass
class Desk:
    """A dossier manager at work on one dossier; `url` is its address once it is opened."""

    page: Page
    url: str = ""
    # Whether a request is with somebody else, so that the page may be out of date.
    asked: bool = False

    def register(
        self, *, procedure: str, kind: str, qualification: str, title_nl: str, parties: list[str], theme: str
    ) -> str:
        """Register an instrument on the form; the address of its dossier."""
        page = self.page
        page.goto("/desk/new/")
        page.check(f"input[name=procedure][value={procedure}]")
        page.fill("[name=title_nl]", title_nl)
        page.select_option("[name=kind]", kind)
        page.select_option("[name=qualification]", qualification)
        for party in parties:
            self._tick_party(party)
        box = page.locator(f"input[name=themes][value={theme}]")
        group = page.locator("details", has=box)
        if group.get_attribute("open") is None:
            group.locator("summary").click()
        box.check()
        page.get_by_role("button", name="Register").click()
        page.wait_for_url(re.compile(r"/dossiers/D"))
        self.url = page.url
        return self.url

    def _tick_party(self, name: str) -> None:
        self.page.locator("#id_parties_filter").fill(name)
        self.page.get_by_role("checkbox", name=name, exact=True).first.check()

    def open(self) -> None:
        self.page.goto(self.url)

    def look(self) -> None:
        """The dossier's page, without loading it again where it stands already and nobody else acted."""
        if self.asked or self.page.url.split("#")[0] != self.url:
            self.open()
        self.asked = False

    def record(self, step: str, when: str, *, outcome: str = "", entity: str = "", **texts: str) -> None:
        """Record a step from the dossier's page, and see it there."""
        self.start(step)
        self.fill(when=when, outcome=outcome, entity=entity, **texts)
        self.send("Record")
        self.page.wait_for_url(re.compile(r"/dossiers/D[^/]+/(#.*)?$"))

    def start(self, step: str) -> None:
        self.look()
        self.unfold(step)
        self.page.locator(f"#step-{step} a[href*='/record/{step}/']").first.click()

    def unfold(self, step: str) -> None:
        """Open what the step is folded in: a stage that lies ahead, or what only applies here and there."""
        folded = self.page.locator("details:not([open])", has=self.page.locator(f"#step-{step}"))
        while folded.count():
            folded.first.locator("> summary").click()

    def fill(self, *, outcome: str = "", entity: str = "", **texts: str) -> None:
        if outcome:
            self.page.check(f"input[name=outcome][value='{outcome}']")
        if entity:
            self.page.select_option("[name=entity]", entity)
        for name in [name for name in ("body", "determined_by", "qualification") if name in texts]:
            self.page.select_option(f"[name={name}]", texts.pop(name))
        for name, text in texts.items():
            self.page.fill(f"[name={name}]", text)

    def send(self, button: str) -> None:
        self.page.locator("main").get_by_role("button", name=button, exact=True).click()

    def give_papers(self, step: str) -> None:
        """Add every paper that the gate still misses, by the links of its checklist."""
        while True:
            self.look()
            missing = self.page.locator(f"#step-{step} a[href*='/documents/add/']")
            if not missing.count():
                return
            self.unfold(step)
            missing.first.click()
            self.page.set_input_files("[name=file]", PAPER)
            self.page.fill("[name=document_title], [name=title]", f"Paper for {step}")
            self.send("Add")
            self.page.wait_for_url(re.compile(r"/dossiers/D"))

    def ask(self, step: str, note: str = "") -> None:
        self.give_papers(step)
        self.unfold(step)
        self.page.locator(f"#step-{step} a[href*='/ask/{step}/']").first.click()
        if note:
            self.page.fill("[name=note]", note)
        self.send("Ask consent")
        self.page.wait_for_url(re.compile(r"/dossiers/D[^/]+/(#.*)?$"))
        self.asked = True

    def expect_stage(self, stage: str) -> None:
        """The stage line says that this is where the dossier stands."""
        self.open()
        expect(self.page.locator("main .stage[aria-current=step]")).to_contain_text(stage, ignore_case=True)


def decide(
    reviewer: Page,
    dossier_url: str,
    step: str,
    *,
    outcome: str = "approved",
    on: str,
    number: str = "",
    reason: str = "",
) -> None:
    """Open the request from the dossier, and record what the Government decided."""
    reviewer.goto(dossier_url)
    reviewer.locator(f"#step-{step} a[href*='/review/']").first.click()
    reviewer.check(f"input[name=outcome][value={outcome}]")
    reviewer.fill("[name=decided_on]", on)
    reviewer.fill("[name=number]", number)
    reviewer.fill("[name=reason]", reason)
    reviewer.get_by_role("button", name="Record the decision").click()
    reviewer.wait_for_url(re.compile(r"/review/(\d+/)?$|/dossiers/"))
