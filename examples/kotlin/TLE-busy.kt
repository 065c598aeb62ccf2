fun main() {
    var turns = 0L
    while (turns >= 0) turns = (turns + 1) % 1_000_003
    println(turns)
}
