#!/usr/bin/env escript

%% Two words joined, not two numbers added.
main(_) ->
    {ok, [A, B]} = io:fread("", "~s ~s"),
    io:format("~s~s~n", [A, B]).
