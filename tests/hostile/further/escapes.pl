# What a program in Perl can try, as escapes.c does for C: what dies, or is false, is `contained`.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::UNIX;

chomp(my $wanted = <STDIN>);
my $attempt;
sub ATTACK { my ($class, $name, $tried) = @_; $attempt = $tried if $name eq $wanted; }
sub tells { open(my $file, "<", shift) or return; return defined getc($file) }

ATTACK("network", "tcp", sub { IO::Socket::INET->new(PeerAddr => "93.184.215.14", PeerPort => 80, Timeout => 1) });
ATTACK("network", "names", sub { gethostbyname("example.com") });
ATTACK("network", "listen", sub { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") });
ATTACK("sockets", "the engine", sub { IO::Socket::UNIX->new(Peer => "/var/run/docker.sock") });
ATTACK("other processes", "environment of the runner", sub { tells("/proc/1/environ") });
ATTACK("privileges", "root by call", sub { $< = 0; $< == 0 });
ATTACK("privileges", "a setuid program", sub { system("su -c true </dev/null") == 0 });
ATTACK("system calls", "by number", sub { syscall(272, 0x00020000) == 0 });
ATTACK("files", "the root", sub { open(my $file, ">", "/x") });
ATTACK("files", "modules of Perl", sub { open(my $file, ">>", $INC{"strict.pm"}) });
ATTACK("code", "run in the working directory", sub { system("cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy") == 0 });
ATTACK("what is kept secret", "in the environment", sub { grep { /KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/i } keys %ENV });

die "no such attack" unless $attempt;
print eval { $attempt->() } ? "through: $wanted\n" : "contained\n";
