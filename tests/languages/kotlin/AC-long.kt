fun main() {
    var count = 0
    var sum = 0L
    System.`in`.bufferedReader().forEachLine {
        count++
        sum += it.toLong()
    }
    println("$count $sum")
}
