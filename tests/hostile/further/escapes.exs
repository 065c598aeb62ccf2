# What a program in Elixir can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
works = fn tried -> tried == :ok or (is_tuple(tried) and elem(tried, 0) == :ok) end
runs = fn command -> match?({_, 0}, System.cmd("sh", ["-c", command <> " </dev/null"], stderr_to_stdout: true)) end
secret = ~r/KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/i

attacks = [
  {:ATTACK, "network", "tcp", fn -> works.(:gen_tcp.connect({93, 184, 215, 14}, 80, [], 500)) end},
  {:ATTACK, "network", "names", fn -> works.(:inet.getaddr(~c"example.com", :inet)) end},
  {:ATTACK, "network", "listen", fn -> works.(:gen_tcp.listen(0, ip: {127, 0, 0, 1})) end},
  {:ATTACK, "sockets", "the engine", fn -> works.(:gen_tcp.connect({:local, "/var/run/docker.sock"}, 0, [])) end},
  {:ATTACK, "other processes", "environment of the runner", fn -> File.stream!("/proc/1/environ", 1) |> Enum.take(1) != [] end},
  {:ATTACK, "privileges", "a setuid program", fn -> runs.("su -c true") end},
  {:ATTACK, "files", "the root", fn -> works.(File.write("/x", "x")) end},
  {:ATTACK, "files", "modes of the root", fn -> works.(File.chmod("/etc/passwd", 0o666)) end},
  {:ATTACK, "files", "library of Elixir", fn -> works.(File.open(:code.which(Enum), [:append])) end},
  {:ATTACK, "code", "run in the working directory", fn -> File.cp!("/bin/true", "/app/work/copy"); File.chmod!("/app/work/copy", 0o755); match?({_, 0}, System.cmd("/app/work/copy", [])) end},
  {:ATTACK, "what is kept secret", "in the environment", fn -> System.get_env() |> Map.keys() |> Enum.any?(&(&1 =~ secret)) end}
]

wanted = IO.gets("") |> String.trim()
{_, _, _, attempt} = List.keyfind(attacks, wanted, 2)
through = try do attempt.() rescue _ -> false end
IO.puts(if through, do: "through: " <> wanted, else: "contained")
