"""Icons, themes, translations, example projects and sample data."""
