open_cidrs = ["10.1.0.0/16"]
