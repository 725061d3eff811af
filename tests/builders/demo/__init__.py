"""The demo store: made-up work of a made-up freight company, the same bytes every run.

Every message is a literal parsed by the pool of its generation, but for the records in
``broken``, which no pool would write. Whatever a secret rule covers begins with ``demo-secret``.
"""
