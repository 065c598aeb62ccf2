fun down(n: Int): Int = if (n == 0) 0 else 1 + down(n - 1)

fun main() {
    println(down(readLine()!!.toInt()))
}
