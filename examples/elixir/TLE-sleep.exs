Process.sleep(60_000)
IO.puts(7)
