object Main {
  def main(args: Array[String]): Unit = {
    val nothing: String = null
    println(nothing.length)
  }
}
