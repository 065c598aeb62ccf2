fun main() {
    val line = "7".repeat(1023)
    while (true) println(line)
}
