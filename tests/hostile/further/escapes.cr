# What a program in Crystal can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
require "file_utils"
require "socket"

lib LibC
  fun unshare(what : Int) : Int
end

def runs(command, arguments = [] of String)
  Process.run(command, arguments).success?
end

def opens(path, mode)
  File.open(path, mode) { true }
end

SECRET = /KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/i

attacks = [
  {:ATTACK, "network", "tcp", ->{ !TCPSocket.new("93.184.215.14", 80, connect_timeout: 1.second).closed? }},
  {:ATTACK, "network", "names", ->{ !Socket::Addrinfo.tcp("example.com", 80).empty? }},
  {:ATTACK, "network", "listen", ->{ !TCPServer.new("127.0.0.1", 0).closed? }},
  {:ATTACK, "sockets", "the engine", ->{ !UNIXSocket.new("/var/run/docker.sock").closed? }},
  {:ATTACK, "other processes", "environment of the runner", ->{ File.open("/proc/1/environ") { |file| !file.read_byte.nil? } }},
  {:ATTACK, "privileges", "a setuid program", ->{ runs("su", ["-c", "true"]) }},
  {:ATTACK, "namespaces", "mounts", ->{ LibC.unshare(0x20000) == 0 }},
  {:ATTACK, "files", "the root", ->{ opens("/x", "w") }},
  {:ATTACK, "files", "the root by another program", ->{ runs("touch", ["/x"]) }},
  {:ATTACK, "files", "modes of the root", ->{ File.chmod("/etc/passwd", 0o666).nil? }},
  {:ATTACK, "code", "run in the working directory", ->{ FileUtils.cp("/bin/true", "/app/work/copy"); File.chmod("/app/work/copy", 0o755); runs("/app/work/copy") }},
  {:ATTACK, "what is kept secret", "in the environment", ->{ ENV.keys.any?(SECRET) }},
  {:ATTACK, "what is kept secret", "answers on the disk", ->{ !Dir["/app/**/*.ans", "/tmp/**/*.ans", "/dev/shm/**/*.ans", "/var/tmp/**/*.ans"].empty? }},
]

wanted = gets.not_nil!.strip
attempt = attacks.find! { |attack| attack[2] == wanted }[3]
through = begin attempt.call rescue false end
puts through ? "through: #{wanted}" : "contained"
