using System;

class Program
{
    static int Down(int n)
    {
        return n == 0 ? 0 : 1 + Down(n - 1);
    }

    static void Main()
    {
        Console.WriteLine(Down(int.Parse(Console.ReadLine())));
    }
}
