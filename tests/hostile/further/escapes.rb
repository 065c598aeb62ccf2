# What a program in Ruby can try, as escapes.c does for C: an exception, or what is false, is `contained`.
require "fiddle"
require "fileutils"
require "socket"

WANTED = gets.chomp
$attempt = nil
def ATTACK(_class, name, &tried) = ($attempt = tried if name == WANTED)

ATTACK("network", "tcp") { Socket.tcp("93.184.215.14", 80, connect_timeout: 1) }
ATTACK("network", "names") { Addrinfo.getaddrinfo("example.com", 80).any? }
ATTACK("network", "listen") { TCPServer.new("127.0.0.1", 0) }
ATTACK("sockets", "the engine") { UNIXSocket.new("/var/run/docker.sock") }
ATTACK("other processes", "environment of the runner") { !File.binread("/proc/1/environ").empty? }
ATTACK("privileges", "root by call") { Process::Sys.setuid(0) || true }
ATTACK("privileges", "a setuid program") { system("su", "-c", "true", in: "/dev/null") }
ATTACK("system calls", "by Fiddle") { Fiddle::Function.new(Fiddle::Handle::DEFAULT["unshare"], [Fiddle::TYPE_INT], Fiddle::TYPE_INT).call(0x20000).zero? }
ATTACK("files", "the root") { File.new("/x", "w") }
ATTACK("files", "library of Ruby") { File.new(File.join(RbConfig::CONFIG["rubylibdir"], "set.rb"), "a") }
ATTACK("code", "run in the working directory") { FileUtils.cp("/bin/true", "/app/work/copy"); File.chmod(0o755, "/app/work/copy"); system("/app/work/copy") }
ATTACK("what is kept secret", "in the environment") { ENV.keys.grep(/KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/i).any? }

abort "no such attack" unless $attempt
through = begin
  $attempt.call
rescue SystemCallError, SocketError, Fiddle::DLError
  false
end
puts through ? "through: #{WANTED}" : "contained"
