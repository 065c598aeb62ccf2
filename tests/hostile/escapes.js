// What a program in Node can try, as escapes.c does for C: an exception is `contained`.
const fs = require("fs"), os = require("os"), net = require("net"), dgram = require("dgram");
const { execFileSync } = require("child_process");
const WANTED = fs.readFileSync(0, "utf8").trim();
let attempt = null;
const ATTACK = (kind, name, tried) => { if (name === WANTED) attempt = tried; };
const connects = (options) => new Promise((resolve) => {
  const plug = net.connect(options, () => resolve(true));
  plug.on("error", () => resolve(false));
  setTimeout(() => resolve(false), 500).unref();
});
// What is no module of Node's is refused too, but after it was loaded.
const loads = (path) => { try { process.dlopen({ exports: {} }, path); return true; } catch (error) { return /register/.test(error.message); } };

ATTACK("network", "tcp", () => connects({ host: "93.184.215.14", port: 80 }));
ATTACK("network", "listen", () => new Promise((resolve) => net.createServer().listen(0, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false))));
ATTACK("network", "devices", () => Object.keys(os.networkInterfaces()).some((name) => name !== "lo"));
ATTACK("sockets", "the engine", () => connects({ path: "/var/run/docker.sock" }));
ATTACK("other processes", "environment of the runner", () => fs.readFileSync("/proc/1/environ").length);
ATTACK("other processes", "memory of the runner", () => fs.openSync("/proc/1/mem", "r"));
ATTACK("privileges", "root by call", () => { process.setuid(0); return true; });
ATTACK("files", "the root", () => fs.openSync("/x", "w"));
ATTACK("files", "node itself", () => { fs.chmodSync(process.execPath, 0o777); return true; });
ATTACK("code", "run in the working directory", () => { fs.copyFileSync("/bin/true", "/app/work/copy"); fs.chmodSync("/app/work/copy", 0o755); execFileSync("/app/work/copy"); return true; });
ATTACK("code", "a module beside the program", () => { fs.copyFileSync("/usr/lib/x86_64-linux-gnu/libm.so.6", "/app/work/x.node"); return loads("/app/work/x.node"); });
ATTACK("what is kept secret", "in the environment", () => Object.keys(process.env).some((name) => /KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/i.test(name)));
ATTACK("the machine", "load", () => os.loadavg().some((load) => load > 0) && fs.readFileSync("/proc/loadavg").length);

(async () => {
  if (!attempt) throw new Error("no such attack");
  let through;
  try { through = await attempt(); } catch { through = false; }
  console.log(through ? "through: " + WANTED : "contained");
  process.exit(0);
})();
