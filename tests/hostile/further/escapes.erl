%% What a program in Erlang can try, as escapes.c does for C: an exception, or what is not `ok`, is `contained`.
-module(main).
-export([main/1]).

'ATTACK'(_Class, Name, Attempt) -> {Name, Attempt}.

runs(Command) -> string:trim(os:cmd(Command ++ " </dev/null >/dev/null 2>&1 && echo ok")) =:= "ok".
writes(Path, Modes) -> element(1, file:open(Path, Modes)) =:= ok.

attacks() -> [
    'ATTACK'("network", "tcp", fun() -> element(1, gen_tcp:connect({93,184,215,14}, 80, [], 500)) =:= ok end),
    'ATTACK'("network", "names", fun() -> element(1, inet:getaddr("example.com", inet)) =:= ok end),
    'ATTACK'("network", "listen", fun() -> element(1, gen_tcp:listen(0, [{ip, {127,0,0,1}}])) =:= ok end),
    'ATTACK'("network", "datagrams", fun() -> element(1, gen_udp:open(0)) =:= ok end),
    'ATTACK'("sockets", "the engine", fun() -> element(1, gen_tcp:connect({local, "/var/run/docker.sock"}, 0, [])) =:= ok end),
    'ATTACK'("other processes", "environment of the runner", fun() -> {ok, File} = file:open("/proc/1/environ", [read, raw]), element(1, file:read(File, 1)) =:= ok end),
    'ATTACK'("privileges", "a setuid program", fun() -> runs("su -c true") end),
    'ATTACK'("files", "the root", fun() -> writes("/x", [write]) end),
    'ATTACK'("files", "the root by another program", fun() -> runs("touch /x") end),
    'ATTACK'("files", "library of Erlang", fun() -> writes(code:where_is_file("lists.beam"), [append]) end),
    'ATTACK'("code", "run in the working directory", fun() -> runs("cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy") end),
    'ATTACK'("what is kept secret", "in the environment", fun() -> lists:any(fun(Entry) -> re:run(Entry, "^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)", [caseless]) =/= nomatch end, os:getenv()) end)
].

main(_) ->
    Wanted = string:trim(io:get_line("")),
    {_, Attempt} = lists:keyfind(Wanted, 1, attacks()),
    Through = try Attempt() catch _:_ -> false end,
    case Through of
        true -> io:format("through: ~s~n", [Wanted]);
        false -> io:format("contained~n")
    end.
