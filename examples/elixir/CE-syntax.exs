defmodule Sum do
  def add(a, b), do: a + b

IO.puts(Sum.add(3, 4))
