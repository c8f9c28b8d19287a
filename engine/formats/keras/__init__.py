"""Files of Keras: models with their weights (`.keras`), weights alone, and architectures in JSON."""
