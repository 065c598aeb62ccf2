def blocks = []
while (blocks.size() < 2048) {
    def block = new byte[1 << 20]
    // Filled, because only memory that is touched is memory in use.
    Arrays.fill(block, (byte) 1)
    blocks << block
}
println blocks.size()
