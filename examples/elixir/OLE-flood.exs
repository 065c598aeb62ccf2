defmodule Flood do
  def flood(line) do
    IO.puts(line)
    flood(line)
  end
end

Flood.flood(String.duplicate("7", 1023))
