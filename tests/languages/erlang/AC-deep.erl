#!/usr/bin/env escript

main(_) ->
    {ok, [Depth]} = io:fread("", "~d"),
    io:format("~w~n", [down(Depth)]).

down(0) -> 0;
down(N) -> 1 + down(N - 1).
