using System;
using System.Collections.Generic;

class Program
{
    static void Main()
    {
        var blocks = new List<byte[]>();
        for (int i = 0; i < 2048; i++)
        {
            var block = new byte[1 << 20];
            // Filled, because only memory that is touched is memory in use.
            for (int at = 0; at < block.Length; at += 1024) block[at] = 1;
            blocks.Add(block);
        }
        Console.WriteLine(blocks.Count);
    }
}
