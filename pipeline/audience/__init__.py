"""From finished segments to a list that a campaign can use: whom, with which columns, with which group held back."""
