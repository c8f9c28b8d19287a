"""The inspector, generated from the declarations of the layers."""
