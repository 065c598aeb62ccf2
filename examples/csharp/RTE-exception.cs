using System;

class Program
{
    static void Main()
    {
        string nothing = null;
        Console.WriteLine(nothing.Length);
    }
}
