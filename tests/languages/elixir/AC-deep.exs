defmodule Deep do
  def down(0), do: 0
  def down(n), do: 1 + down(n - 1)
end

IO.read(:line) |> String.trim() |> String.to_integer() |> Deep.down() |> IO.puts()
