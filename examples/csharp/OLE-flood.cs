using System;

class Program
{
    static void Main()
    {
        var line = new string('7', 1023);
        while (true) Console.WriteLine(line);
    }
}
