"""Two ways to work a page: with the keyboard alone, and with a pointer (for a browser without script)."""


class Pointer:
    """Clicks, and types into fields by their label."""

    def __init__(self, page):
        self.page = page

    def press(self, name, role="button"):
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def follow(self, name):
        self.press(name, "link")

    def choose(self, question, option):
        group = self.page.get_by_role("group", name=question).first
        group.get_by_role("radio", name=option).first.check()

    def tick(self, name):
        self.page.get_by_role("checkbox", name=name).check()

    def write(self, label, text):
        self.page.get_by_label(label).first.fill(text)

    def pick(self, label, option):
        self.page.get_by_label(label).first.select_option(label=option)


class Keyboard(Pointer):
    """Tab, arrows, Space, Enter and letters; fails where Tab does not arrive."""

    MOST = 150

    def tab_to(self, target):
        for _step in range(self.MOST):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target}")

    def press(self, name, role="button"):
        self.tab_to(self.page.get_by_role(role, name=name, exact=True).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, question, option):
        group = self.page.get_by_role("group", name=question).first
        radios, wanted = group.get_by_role("radio"), group.get_by_role("radio", name=option).first
        for _step in range(self.MOST):
            if group.evaluate("group => group.contains(document.activeElement)"):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _step in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked()

    def tick(self, name):
        self.tab_to(self.page.get_by_role("checkbox", name=name))
        self.page.keyboard.press("Space")

    def write(self, label, text):
        field = self.page.get_by_label(label).first
        self.tab_to(field)
        if field.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self.page.keyboard.type(month + day + year)
        else:
            self.page.keyboard.type(text)

    def pick(self, label, option):
        self.tab_to(self.page.get_by_label(label).first)
        self.page.keyboard.type(option)
