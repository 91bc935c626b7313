"""What cases need of the reads, held by two people before its day comes."""
