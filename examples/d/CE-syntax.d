import std.stdio;

void main()
{
    writeln("a semicolon is missing")
}
