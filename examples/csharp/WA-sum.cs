using System;

class Program
{
    static void Main()
    {
        // Two words joined, not two numbers added.
        Console.WriteLine(Console.ReadLine().Replace(" ", ""));
    }
}
