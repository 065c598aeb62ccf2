using System;

class Program
{
    static void Main()
    {
        Console.WriteLine("a semicolon is missing")
    }
}
