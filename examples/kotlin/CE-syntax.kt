fun add(a: Int, b: Int): Int = a +

fun main() {
    println(add(3, 4))
}
