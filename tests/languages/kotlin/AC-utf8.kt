fun main() {
    println(readLine())
    println("ầ😀")
}
