open = true
