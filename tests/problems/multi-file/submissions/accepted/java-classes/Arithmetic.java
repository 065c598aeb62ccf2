interface Arithmetic {
    long gcd();

    long lcm();
}
