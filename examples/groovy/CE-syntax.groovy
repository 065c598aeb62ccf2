def add(a, b) {
    return a +
}

println add(3, 4
