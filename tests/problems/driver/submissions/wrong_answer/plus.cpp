long one(long n) { return n > 0 ? n + 1 : n; }
