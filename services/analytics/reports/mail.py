"""A rendered report as e-mail."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.analytics.reports.formats import FORMS
from services.analytics.reports.page import Page


def compose(
    page: Page, contents: Mapping[str, bytes], sender: str, recipient: str, name: str
) -> EmailMessage:
    """Return the e-mail: every form as a file with it, HTML as its text, too.

    Many mail programs leave out what is drawn in a text: in the file it is there.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, " ".join(page.title.split())
    mail["Date"] = format_datetime(page.as_of)
    mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    mail.set_content(f"{page.title}\n{page.clocks}\n{page.origin}\n")
    if "html" in contents:
        mail.add_alternative(contents["html"].decode(), subtype="html")
    for form, content in sorted(contents.items()):
        main, _, sub = FORMS[form].media.partition(";")[0].partition("/")
        mail.add_attachment(content, main, sub, filename=f"{page.template}-{page.as_of:%Y-%m-%d}.{form}")
    return mail
