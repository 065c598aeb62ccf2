class Plus {
    static long one(long n) {
        return n + 2;
    }
}
