"""What axe-core finds on a page, in a form that a failing test can show."""

from axe_playwright_python.sync_playwright import Axe

SCHEMES = ("light", "dark")


def violations(page):
    """One line for each rule that is broken: its name, how grave it is, and the first places."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {each['help']} at {[node['target'] for node in each['nodes'][:4]]}"
        for each in found
    ]
