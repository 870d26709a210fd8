"""A telephone interpreter: two people who share no language talk on the phone as if they did."""
