"""What a mother writes on the open page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_WORDS = 1000


class RequestForm(forms.Form):
    """Name, a way to reach her, a time.  No question about how she is: that is asked in private."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        error_messages={"required": _("Write your name, so that we know who asks.")},
    )
    telephone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    voicemail = forms.BooleanField(label=_("You may leave a message on my voicemail"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    words = forms.CharField(
        label=_("Anything we should know for the appointment"), max_length=LONGEST_WORDS, required=False
    )
    slot = forms.ChoiceField(label=_("When would you like to come?"), required=False)

    def __init__(self, *args: Any, slots: tuple[datetime, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [("", _("Call me to find a time")), *((at.isoformat(), at) for at in slots)]
        self.fields["slot"].error_messages["invalid_choice"] = _(
            "This time has just been taken. Choose another one, or let us call you."
        )

    def clean(self) -> dict[str, Any]:
        """There is a way to reach her."""
        told = super().clean() or {}
        if not told.get("telephone") and not told.get("email") and "email" not in self.errors:
            self.add_error("telephone", _("Give a telephone number or an e-mail address, so that we can answer."))
        return told
