#!/usr/bin/env escript

%% Filled, because only memory that is touched is memory in use.
main(_) ->
    Block = binary:copy(<<"0123456789abcdef">>, 65536),
    Blocks = [binary:copy(Block, 8) || _ <- lists:seq(1, 256)],
    io:format("~w~n", [length(Blocks)]).
