// Two words joined, not two numbers added.
fun main() {
    println(readLine()!!.replace(" ", ""))
}
