#!/usr/bin/env escript

main(_) ->
    flood(lists:duplicate(1023, $7)).

flood(Line) ->
    io:put_chars([Line, $\n]),
    flood(Line).
