// What a program in C++ can try, as escapes.c does for C: an exception, or false, is `contained`.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace fs = std::filesystem;
using std::string;

static string wanted;
static std::function<bool()> found;

static void ATTACK(std::string_view, std::string_view name, std::function<bool()> attempt) {
    if (name == wanted) found = std::move(attempt);
}

template <class Address> static bool connects(int family, const Address &address) {
    const int plug = socket(family, SOCK_STREAM, 0);
    return plug >= 0 && connect(plug, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
}

static sockaddr_in at(const char *host, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

static bool listens() {
    const auto address = at("127.0.0.1", 0);
    const int ear = socket(AF_INET, SOCK_STREAM, 0);
    return bind(ear, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 && listen(ear, 1) == 0;
}

static bool resolves(const char *name) {
    addrinfo *addresses = nullptr;
    return getaddrinfo(name, "80", nullptr, &addresses) == 0;
}

static bool reads(const fs::path &path) { return std::ifstream(path).peek() != EOF; }
static bool appends(const fs::path &path) { return std::ofstream(path, std::ios::app).good(); }

static fs::path copied(const char *from, const fs::path &to) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    fs::permissions(to, fs::perms::owner_all);
    return to;
}

/* Where the library lies that a function is in. */
template <class Function> static const char *library_of(Function *function) {
    Dl_info told{};
    if (!dladdr(reinterpret_cast<void *>(function), &told)) throw std::runtime_error("linked statically");
    return told.dli_fname;
}

static bool maps_shared_code() {
    const int memory = shm_open("/code", O_RDWR | O_CREAT, 0700);
    return memory >= 0 && ftruncate(memory, 4096) == 0
        && mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, memory, 0) != MAP_FAILED;
}

/* In another thread, which what was set for the first one might not hold. */
static bool elsewhere(std::function<bool()> attempt) { return std::async(std::launch::async, attempt).get(); }

static bool sees_others() {
    return std::ranges::any_of(fs::directory_iterator("/proc"), [](const fs::directory_entry &entry) {
        const string name = entry.path().filename();
        return std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c); }) && name != "1" && name != std::to_string(getpid());
    });
}

static bool has_secrets() {
    static const std::regex secret("[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)[^=]*=.*", std::regex::icase);
    for (char **entry = environ; *entry; ++entry)
        if (std::regex_match(*entry, secret)) return true;
    return false;
}

static bool finds_answers() {
    for (const char *place : {"/app", "/tmp", "/dev/shm", "/home", "/root", "/var/tmp"}) {
        std::error_code unreadable;
        for (const auto &entry : fs::recursive_directory_iterator(place, fs::directory_options::skip_permission_denied, unreadable))
            if (entry.path().extension() == ".ans" || entry.path().filename().string().find("answer") != string::npos) return true;
    }
    return false;
}

int main() {
    std::getline(std::cin, wanted);
    ATTACK("network", "tcp", [] { return connects(AF_INET, at("93.184.215.14", 80)); });
    ATTACK("network", "names", [] { return resolves("example.com"); });
    ATTACK("network", "listen", listens);
    ATTACK("sockets", "the engine", [] { return connects(AF_UNIX, sockaddr_un{AF_UNIX, "/var/run/docker.sock"}); });
    ATTACK("other processes", "environment of the runner", [] { return reads("/proc/1/environ"); });
    ATTACK("other processes", "descriptors of the runner", [] { return fs::directory_iterator("/proc/1/fd") != fs::directory_iterator(); });
    ATTACK("other processes", "others", sees_others);
    ATTACK("privileges", "root by a thread", [] { return elsewhere([] { return syscall(SYS_setuid, 0) == 0; }); });
    ATTACK("privileges", "a setuid program", [] { return std::system("su -c true </dev/null") == 0; });
    ATTACK("namespaces", "a thread in its own", [] { return elsewhere([] { return unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWNET) == 0; }); });
    ATTACK("files", "the root", [] { return std::ofstream("/x").good(); });
    ATTACK("files", "through a link", [] { fs::create_symlink("/etc/passwd", "/tmp/link"); return appends("/tmp/link"); });
    ATTACK("files", "modes of the root", [] { fs::permissions("/etc/passwd", fs::perms::others_write, fs::perm_options::add); return true; });
    ATTACK("files", "names of the root", [] { fs::rename("/etc/passwd", "/etc/users"); return true; });
    ATTACK("files", "library of C++", [] { return appends(library_of(std::terminate)); });
    ATTACK("code", "run in the working directory", [] { return std::system(copied("/bin/true", "/app/work/copy").c_str()) == 0; });
    ATTACK("code", "a library in the working directory", [] { return dlopen(copied(library_of(std::terminate), "/app/work/x.so").c_str(), RTLD_NOW) != nullptr; });
    ATTACK("code", "map in shared memory", maps_shared_code);
    ATTACK("the machine", "load", [] { return reads("/proc/loadavg"); });
    ATTACK("what is kept secret", "in the environment", has_secrets);
    ATTACK("what is kept secret", "answers on the disk", finds_answers);
    if (!found) throw std::invalid_argument("no such attack");
    bool through = false;
    try { through = found(); } catch (const std::exception &) {}
    std::cout << (through ? "through: " + wanted : "contained") << '\n';
}
