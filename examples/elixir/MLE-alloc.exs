# Filled, because only memory that is touched is memory in use.
block = :binary.copy("0123456789abcdef", 65_536)
blocks = for _ <- 1..256, do: :binary.copy(block, 8)
IO.puts(length(blocks))
