"""From a template and a person to an e-mail."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from functools import partial

from services.campaigns.domain.rendering import Person, render
from services.campaigns.domain.template import TemplateDefined
from services.campaigns.mailing.links import Links

# The standard policies break a long List-Unsubscribe into encoded words, and with it the URL.
UNBROKEN = SMTP.clone(max_line_length=998)


def compose(
    template: TemplateDefined, person: Person, address: str, message_id: str, provider: str, links: Links
) -> EmailMessage:
    """Return the e-mail, with one-click unsubscription after RFC 8058. Raises Unrenderable."""
    unsubscribe = links.unsubscribe(message_id)
    link = partial(links.to, message_id)
    letter = render(template.subject, template.text, template.html, person, link, unsubscribe)
    mail = EmailMessage(policy=UNBROKEN)
    mail["From"], mail["To"], mail["Subject"] = template.sender, address, letter.subject
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{provider}@{template.sender.rpartition('@')[2]}>"
    mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text)
    if letter.html is not None:
        seen = f'<img src="{links.opened(message_id)}" width="1" height="1" alt="">'
        mail.add_alternative(letter.html + seen, subtype="html")
    return mail
