"""The kinds of requests the model answers: one function per kind, listed in `tasks.catalogue`."""
