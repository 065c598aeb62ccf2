#!/usr/bin/env escript

main(_) ->
    A = 3 + ,
    io:format("~w~n", [A]).
