"""What a network computes: plans, kernels, training, data, metrics and file formats that hold weights."""
