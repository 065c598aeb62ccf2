import core.volatile : volatileLoad, volatileStore;
import std.stdio;

void main()
{
    ulong turns = 0;
    while (volatileLoad(&turns) + 1 != 0)
        volatileStore(&turns, volatileLoad(&turns) + 1);
    writeln(7);
}
