"""Any file -> the canonical transactions table."""
