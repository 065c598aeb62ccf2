BEGIN {
    # Filled, because only memory that is touched is memory in use.
    block = sprintf("%1048576s", "x")
    for (i = 0; i < 2048; i++) blocks[i] = block i
    print length(blocks)
}
