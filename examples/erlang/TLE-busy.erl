#!/usr/bin/env escript

main(_) ->
    io:format("~w~n", [busy(0)]).

busy(Turns) when Turns < 0 -> Turns;
busy(Turns) -> busy((Turns + 1) rem 1000003).
