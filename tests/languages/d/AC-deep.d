import std.conv : to;
import std.stdio;
import std.string : strip;

int down(int n)
{
    return n == 0 ? 0 : 1 + down(n - 1);
}

void main()
{
    writeln(down(readln().strip.to!int));
}
