% check.pl FILE: refuses what is no Prolog. Of the file's directives those are carried out that say how to read what
% follows: operators, flags and libraries; nothing else of it runs.
:- initialization(main, main).

main([File]) :-
    open(File, read, Stream, [encoding(utf8)]),
    catch(terms(Stream), error(syntax_error(Why), _), refuse(File, Stream, Why)).

terms(Stream) :-
    repeat,
    read_term(Stream, Term, [module(user), syntax_errors(error)]),
    heed(Term),
    Term == end_of_file, !.

heed((:- op(Priority, Type, Name))) :- !, ignore(catch(op(Priority, Type, user:Name), _, true)).
heed((:- set_prolog_flag(double_quotes, Value))) :- !, ignore(catch(set_prolog_flag(user:double_quotes, Value), _, true)).
heed((:- use_module(library(Name)))) :- !, ignore(catch(use_module(user:library(Name)), _, true)).
heed((:- use_module(library(Name), _))) :- !, ignore(catch(use_module(user:library(Name)), _, true)).
heed(_).

refuse(File, Stream, Why) :-
    line_count(Stream, Line),
    format(user_error, "~w:~w: syntax error: ~w~n", [File, Line, Why]),
    halt(1).
