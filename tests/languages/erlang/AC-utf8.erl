#!/usr/bin/env escript

main(_) ->
    io:setopts([{encoding, unicode}]),
    io:put_chars(io:get_line("")),
    io:put_chars("ầ😀\n").
