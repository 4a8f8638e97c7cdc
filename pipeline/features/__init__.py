"""Transactions -> one row per customer; one family of features a file."""
