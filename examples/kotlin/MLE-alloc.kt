fun main() {
    val blocks = mutableListOf<ByteArray>()
    while (blocks.size < 2048) {
        val block = ByteArray(1 shl 20)
        // Filled, because only memory that is touched is memory in use.
        block.fill(1)
        blocks.add(block)
    }
    println(blocks.size)
}
