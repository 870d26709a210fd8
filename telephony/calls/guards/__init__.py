"""What keeps a line from being misused: where it may dial, how much it may take on, and who may say to be an agent."""
