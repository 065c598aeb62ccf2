//! What every sandbox has, and what an operator can do where it is missing.

/// One of the things that keep programs in (docs/SECURITY.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Programs are nobody: an unprivileged user id of the sandbox's own.
    User,
    /// Programs have no capability and can get none.
    Capabilities,
    /// No program that is executed gives privileges.
    NoNewPrivileges,
    /// System calls go through the project's own filter.
    SystemCalls,
    /// There is no network.
    Network,
    /// The root file system cannot be written.
    ReadOnlyRoot,
    /// What is put beside the program cannot be executed.
    NoExec,
    /// No terminal can be made.
    Terminals,
    /// Files that tell of the whole machine are covered.
    Masks,
    /// Processes run out.
    Processes,
    /// Memory runs out.
    Memory,
}

impl Protection {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::User,
        Self::Capabilities,
        Self::NoNewPrivileges,
        Self::SystemCalls,
        Self::Network,
        Self::ReadOnlyRoot,
        Self::NoExec,
        Self::Terminals,
        Self::Masks,
        Self::Processes,
        Self::Memory,
    ];

    /// The word in messages and labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Capabilities => "capabilities",
            Self::NoNewPrivileges => "no_new_privileges",
            Self::SystemCalls => "system_calls",
            Self::Network => "network",
            Self::ReadOnlyRoot => "read_only_root",
            Self::NoExec => "noexec",
            Self::Terminals => "terminals",
            Self::Masks => "masks",
            Self::Processes => "processes",
            Self::Memory => "memory",
        }
    }

    /// What to do where it is missing.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::User => {
                "use an engine that runs containers as the user they ask for; let no proxy before it change requests"
            }
            Self::Capabilities | Self::NoNewPrivileges => {
                "let no wrapper of the runtime and no proxy before the engine add privileges"
            }
            Self::SystemCalls => {
                "use a kernel with CONFIG_SECCOMP_FILTER and an engine built with seccomp (`docker info`, Security Options)"
            }
            Self::Network => "take network hooks and CNI plugins off that give every container an interface",
            Self::ReadOnlyRoot | Self::NoExec | Self::Terminals => {
                "use a storage driver and a runtime that keep the mount options containers ask for (overlay2, runc)"
            }
            Self::Masks => "use Docker Engine 20.10 or later, which covers the paths it is told to",
            Self::Processes => "enable the pids controller of the kernel's control groups",
            Self::Memory => {
                "enable the memory controller (`cgroup_enable=memory` on the kernel's command line) and turn swap off"
            }
        }
    }
}
