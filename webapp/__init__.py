"""The Dash face of Segment Studio."""
