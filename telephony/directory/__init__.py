"""Who answers and on which number, as written in files: agents.toml and numbers.toml of the data folder."""
