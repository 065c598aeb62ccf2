fun main() {
    Thread.sleep(60_000)
    println(7)
}
