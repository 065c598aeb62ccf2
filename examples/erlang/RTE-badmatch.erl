#!/usr/bin/env escript

main(_) ->
    {ok, [A]} = io:fread("", "~d ~d"),
    io:format("~w~n", [A]).
