"""The one error of this package."""


class ClusterError(Exception):
    """The embedded PostgreSQL cannot be used; the message is one sentence for the person at the keyboard."""
