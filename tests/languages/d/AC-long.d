import std.conv : to;
import std.stdio;

void main()
{
    long count, sum;
    foreach (line; stdin.byLine)
    {
        count++;
        sum += line.to!long;
    }
    writeln(count, " ", sum);
}
