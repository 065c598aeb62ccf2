class Pair implements Arithmetic {
    private final long a;
    private final long b;

    Pair(long a, long b) {
        this.a = a;
        this.b = b;
    }

    @Override
    public long gcd() {
        long x = a, y = b;
        while (y != 0) {
            long r = x % y;
            x = y;
            y = r;
        }
        return x;
    }

    @Override
    public long lcm() {
        return a / gcd() * b;
    }
}
