# check.exs FILE: refuses what is no Elixir. Nothing of it is evaluated, and no macro expanded.
[file] = System.argv()

case Code.string_to_quoted(File.read!(file), file: file, emit_warnings: false) do
  {:ok, _} ->
    :ok

  {:error, {where, what, token}} ->
    what = if is_tuple(what), do: Enum.join(Tuple.to_list(what), token), else: "#{what}#{token}"
    IO.puts(:stderr, "#{file}:#{where[:line]}:#{where[:column]}: #{what}")
    System.halt(1)
end
