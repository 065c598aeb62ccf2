import std.stdio;

void main()
{
    size_t at;
    readf(" %d", at);
    auto values = [1, 2, 3];
    writeln(values[at]);
}
