class Plus {
    static long one(long n) {
        return n + 1;
    }
}
