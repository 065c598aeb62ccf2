defmodule Total do
  def total(rest, count, sum) do
    case IO.binread(:stdio, 65_536) do
      :eof ->
        {count, sum}

      bytes ->
        [last | lines] = (rest <> bytes) |> String.split("\n") |> Enum.reverse()
        added = lines |> Enum.map(&String.to_integer/1) |> Enum.sum()
        total(last, count + length(lines), sum + added)
    end
  end
end

{count, sum} = Total.total("", 0, 0)
IO.puts("#{count} #{sum}")
