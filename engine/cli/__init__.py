"""The command line without a window: every verb is a module of its own, imported only when it is asked for."""
