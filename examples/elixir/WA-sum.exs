# Two words joined, not two numbers added.
IO.read(:line) |> String.split() |> Enum.join() |> IO.puts()
