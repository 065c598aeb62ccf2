using System;

class Program
{
    static void Main()
    {
        long count = 0, sum = 0;
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            count++;
            sum += long.Parse(line);
        }
        Console.WriteLine(count + " " + sum);
    }
}
