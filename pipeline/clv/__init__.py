"""Purchase histories -> a forward-looking value per customer."""
