"""Files by the ten thousand, each damaged in its own way, for every reader of the program.

    python -m tests.fuzz [READER ...] [--count N] [--seed N]     all, or these; what is found is kept in out/fuzz

A file is either read, or refused with a sentence: within five seconds of the processor, in bounded memory, with nothing
run, nothing written and no process left. Case 17 of a reader is the same file every time.
"""
