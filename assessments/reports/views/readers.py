"""Who may open shared pages: the door before every one of them."""

from functools import wraps

from django.shortcuts import redirect

from assessments import access


def for_readers(view):
    """Let a view answer readers of shared pages alone; a funder or an evaluator makes the promise first."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        try:
            access.require_reader(request.user)
        except access.PledgeNeeded:
            return redirect("pledge")
        return view(request, *args, **kwargs)

    return checked
