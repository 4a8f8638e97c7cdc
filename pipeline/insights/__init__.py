"""What stands out in a shop: sentences with the money at stake, whom they count, and their proof against chance."""
