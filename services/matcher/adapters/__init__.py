"""The matcher's input and output: Faust, the replica of the hot list, the reads, the hits."""
