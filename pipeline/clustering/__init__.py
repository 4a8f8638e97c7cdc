"""One row per customer -> cluster labels for every k; one method a file."""
