IO.write(IO.read(:line))
IO.puts("ầ😀")
