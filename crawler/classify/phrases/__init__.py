"""What pages of each kind say, in the languages of the press: data only."""
