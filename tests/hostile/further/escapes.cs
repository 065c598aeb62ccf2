// What a program in C# can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

class Escapes {
    static string wanted;
    static Func<bool> attempt;

    static void ATTACK(string kind, string name, Func<bool> tried) { if (name == wanted) attempt = tried; }

    [DllImport("libc")] static extern int setuid(uint user);
    [DllImport("libc")] static extern int unshare(int what);

    static bool Runs(string command) {
        var start = new ProcessStartInfo("/bin/sh", "-c \"" + command + " </dev/null >/dev/null 2>&1\"") { UseShellExecute = false };
        using (var child = Process.Start(start)) { child.WaitForExit(); return child.ExitCode == 0; }
    }

    static bool Connects(string host, int port) { using (var plug = new TcpClient()) return plug.ConnectAsync(IPAddress.Parse(host), port).Wait(1000); }

    static bool Listens() { var ear = new TcpListener(IPAddress.Loopback, 0); ear.Start(); return true; }

    static bool Appends(string path) { using (var file = new FileStream(path, FileMode.Append)) return file.CanWrite; }

    static bool RunsACopy() { File.Copy("/bin/true", "/app/work/copy"); return Runs("chmod +x /app/work/copy && /app/work/copy"); }

    static void Main() {
        wanted = Console.ReadLine().Trim();
        ATTACK("network", "tcp", () => Connects("93.184.215.14", 80));
        ATTACK("network", "names", () => Dns.GetHostAddresses("example.com").Any());
        ATTACK("network", "listen", Listens);
        ATTACK("other processes", "environment of the runner", () => File.OpenRead("/proc/1/environ").ReadByte() >= 0);
        ATTACK("privileges", "root by call", () => setuid(0) == 0);
        ATTACK("privileges", "a setuid program", () => Runs("su -c true"));
        ATTACK("namespaces", "mounts", () => unshare(0x20000) == 0);
        ATTACK("files", "the root", () => Appends("/x"));
        ATTACK("files", "the root by another program", () => Runs("touch /x"));
        ATTACK("files", "library of Mono", () => Appends(typeof(object).Assembly.Location));
        ATTACK("code", "run in the working directory", RunsACopy);
        ATTACK("what is kept secret", "in the environment", () => Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(name => Regex.IsMatch(name, "KEY|TOKEN|SECRET|PASS|AMQP|DOCKER", RegexOptions.IgnoreCase)));
        ATTACK("what is kept secret", "answers on the disk", () => new[] { "/app", "/tmp", "/dev/shm", "/var/tmp" }.Any(place => Directory.EnumerateFiles(place, "*.ans", SearchOption.AllDirectories).Any()));
        if (attempt == null) throw new ArgumentException("no such attack");
        bool through;
        try { through = attempt(); } catch (Exception) { through = false; }
        Console.WriteLine(through ? "through: " + wanted : "contained");
    }
}
