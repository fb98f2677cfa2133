p = false
