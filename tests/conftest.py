"""What all tests share."""

from hypothesis import settings

# Cores are shared with other work, so how long one example takes says nothing; pytest's own timeout guards the whole.
settings.register_profile("netloom", deadline=None)
settings.load_profile("netloom")
