"""The demo store: made-up work of a made-up freight company, the same bytes every run.

It is one store that began in January, was upgraded all year and stands at layout 27, with records
of the releases between as they were saved then. What a real store of that layout no longer has is
kept, so that it can be seen: the kinds and the table that migrations have deleted, and sessions
and agents in the words of their day.

Every message is a literal parsed by the pool of its release, but for the records in ``broken``,
which no pool would write. Whatever a secret rule covers holds ``demo-secret``, sealed or not.
"""
