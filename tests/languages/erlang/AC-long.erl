#!/usr/bin/env escript

main(_) ->
    ok = io:setopts(standard_io, [binary]),
    total(<<>>, 0, 0).

total(Rest, Count, Sum) ->
    case file:read(standard_io, 65536) of
        {ok, Bytes} ->
            [Last | Lines] = lists:reverse(binary:split(<<Rest/binary, Bytes/binary>>, <<"\n">>, [global])),
            Added = lists:foldl(fun(Line, Acc) -> Acc + binary_to_integer(Line) end, 0, Lines),
            total(Last, Count + length(Lines), Sum + Added);
        eof ->
            io:format("~w ~w~n", [Count, Sum])
    end.
