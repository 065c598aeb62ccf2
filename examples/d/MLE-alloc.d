import std.stdio;

void main()
{
    ubyte[][] blocks;
    foreach (i; 0 .. 2048)
    {
        auto block = new ubyte[1 << 20];
        // Filled, because only memory that is touched is memory in use.
        block[] = cast(ubyte) i;
        blocks ~= block;
    }
    writeln(blocks.length);
}
