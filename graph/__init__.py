"""What a network is: layer declarations, wires, shapes, problems and the project file."""
