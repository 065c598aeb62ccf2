import std.array : replicate;
import std.stdio;

void main()
{
    auto line = "7".replicate(1023);
    while (true)
        writeln(line);
}
