"""What the cleaned transactions are like, and whether they are enough for each part of the analysis."""
