# SPDX-License-Identifier: MIT
"""Headless Chromium, with what a visitor sees and does. It waits for what it asks for."""
import contextlib
import shutil
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import (ElementClickInterceptedException, NoSuchElementException,
                                        StaleElementReferenceException, WebDriverException)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from waiting import PATIENCE, wait_until


@contextlib.contextmanager
def page_may_change():
    """What was found may be gone with its page: then it is looked for again."""
    try:
        yield
    except (NoSuchElementException, StaleElementReferenceException,
            ElementClickInterceptedException):
        pass
    except WebDriverException as error:
        if "does not belong to the document" not in str(error):
            raise


class Browser:
    """One visitor at a time: begin() is the next one."""

    def __init__(self, directory, has_script=True):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu",
                         "--disable-dev-shm-usage", "--window-size=1200,1000",
                         f"--user-data-dir={directory}"):
            options.add_argument(argument)
        if not has_script:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2})
        service = webdriver.chrome.service.Service(shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(service=service, options=options)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)
        self.base = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def begin(self, base):
        """As a new visitor."""
        self.driver.delete_all_cookies()
        self.base = base
        self.open("/")

    def open(self, path):
        self.driver.get(self.base + path)

    @property
    def path(self):
        return urllib.parse.urlparse(self.driver.current_url).path

    def is_at(self, path):
        wait_until(lambda: self.path == path, f"the browser is at {path}, not {self.path}")

    def text(self, selector):
        """Of the first such element; empty when there is none."""
        with page_may_change():
            return self.driver.find_element(By.CSS_SELECTOR, selector).text
        return ""

    def shows(self, selector, text):
        wait_until(lambda: text in self.text(selector), f"{selector} shows {text!r}")

    def press(self, selector, how=lambda element: element.click()):
        def pressed():
            with page_may_change():
                how(self.driver.find_element(By.CSS_SELECTOR, selector))
                return True
        wait_until(pressed, f"there is {selector}")

    def press_twice(self, selector):
        self.press(selector,
                   lambda element: ActionChains(self.driver).double_click(element).perform())

    def press_until(self, selector, path):
        """As visitors do who see that nothing has come of it."""
        def has_arrived():
            with page_may_change():
                if self.path != path:
                    self.driver.find_element(By.CSS_SELECTOR, selector).click()
            return self.path == path
        wait_until(has_arrived, f"{selector} leads to {path}")

    def send(self, *actions, follow=True):
        """Sends the forms of these actions at the same time, as often as they are named, and says
        where each led. One that is not on the page is another one's fields."""
        return self.driver.execute_async_script("""
            const [actions, redirect, done] = arguments;
            Promise.all(actions.map(async action => {
                const form = document.querySelector(`form[action='${action}']`);
                const body = new URLSearchParams(new FormData(form || document.forms[0]));
                const answer = await fetch(action, {method: "POST", body, redirect});
                return `${answer.status} ${answer.url && new URL(answer.url).pathname}`;
            })).then(done, error => done([String(error)]));""",
            actions, "follow" if follow else "manual")
