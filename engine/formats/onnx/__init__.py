"""ONNX: the network as a graph of operators, for ONNX Runtime and everything that reads such files."""
