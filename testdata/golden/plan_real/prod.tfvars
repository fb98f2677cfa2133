sizes = { a = 1, b = 3 }
open  = true
