"""The parts of the command `plateward`, one subject each."""
