"""What a run found, as one document that opens anywhere: no scripts, no internet, no app."""
