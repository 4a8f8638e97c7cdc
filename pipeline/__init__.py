"""Segment Studio's library: transactions in, one row per customer with value and segments out."""

__version__ = "0.1.0"
