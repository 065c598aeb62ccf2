object Main {
  def add(a: Int, b: Int): Int = a +

  def main(args: Array[String]): Unit = println(add(3, 4)
}
