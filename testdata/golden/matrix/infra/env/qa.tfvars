open_cidrs = ["0.0.0.0/0"]
logs       = false
