"""What stands behind each command of the command line."""
