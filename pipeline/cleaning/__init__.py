"""Transactions -> the lines that count, with a ledger of what each rule took and what each other choice would do."""
