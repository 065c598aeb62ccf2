//! The machine that programs run on, as its kernel tells of it.

use std::fs;

use super::finding::Finding;

/// What is to be thought of the text of a file.
type Weigh = fn(&str) -> Finding;

/// What the kernel tells.
pub fn findings(slots: usize, cores_per_slot: usize) -> Vec<Finding> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut findings = vec![self::cores(cores, slots, cores_per_slot)];
    let readings: [(&str, Weigh); 5] = [
        ("/proc/swaps", swap),
        ("/proc/sys/kernel/core_pattern", core_dumps),
        ("/proc/sys/kernel/osrelease", kernel),
        ("/sys/devices/system/clocksource/clocksource0/current_clocksource", clock_source),
        ("/proc/sys/kernel/pid_max", process_numbers),
    ];
    for (path, weigh) in readings {
        match fs::read_to_string(path) {
            Ok(text) => findings.push(weigh(text.trim())),
            Err(error) => findings.push(Finding::warn(
                path,
                format!("cannot be read: {error}"),
                "look at it on the machine itself",
            )),
        }
    }
    // Machines without hyper-threading have no such file.
    if let Ok(active) = fs::read_to_string("/sys/devices/system/cpu/smt/active") {
        findings.push(hyper_threads(active.trim()));
    }
    findings
}

fn cores(cores: usize, slots: usize, cores_per_slot: usize) -> Finding {
    let wanted = slots.saturating_mul(cores_per_slot);
    let found = format!("{cores} cores, {} wanted by slots", if wanted == 0 { cores } else { wanted });
    let remedy = "lower worker.slots: slots that share a core make each other's wall time longer";
    Finding::when(wanted <= cores, "cores", found, Finding::warn, remedy)
}

/// The list has a heading.
fn swap(text: &str) -> Finding {
    let areas = text.lines().count().saturating_sub(1);
    let remedy = "`swapoff -a`: with swap, times of neighbours depend on each other";
    Finding::when(areas == 0, "swap", format!("{areas} areas"), Finding::warn, remedy)
}

/// `core(5)`: what begins with a bar is a program, started as root outside of any container, whatever `RLIMIT_CORE` is.
fn core_dumps(text: &str) -> Finding {
    let remedy =
        "`sysctl -w kernel.core_pattern=core`: else each crash of a program starts that one, as root";
    Finding::when(!text.starts_with('|'), "core dumps", text, Finding::warn, remedy)
}

/// Landlock, which keeps a program from making the kernel prefer another one when memory is short, can do so from 5.19.
fn kernel(release: &str) -> Finding {
    let mut numbers =
        release.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let remedy = "use Linux 5.19 or later: before it a program can lower its own oom_score_adj";
    Finding::when(version >= (5, 19), "kernel", release, Finding::warn, remedy)
}

fn clock_source(name: &str) -> Finding {
    let slow = ["hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit"].contains(&name);
    let remedy = "look in the kernel's log why it does not trust the fast one: every look at the clock is a system call";
    Finding::when(!slow, "clock source", name, Finding::warn, remedy)
}

/// What a full fleet of sandboxes may hold, and much beside it.
const LEAST_NUMBERS: u64 = 32_768;

fn process_numbers(text: &str) -> Finding {
    let enough = text.parse().is_ok_and(|most: u64| most >= LEAST_NUMBERS);
    Finding::when(enough, "process numbers", text, Finding::warn, "`sysctl -w kernel.pid_max=4194304`")
}

fn hyper_threads(active: &str) -> Finding {
    let remedy = "`echo off > /sys/devices/system/cpu/smt/control` for contests: two slots on one core slow each other";
    let found = if active == "1" { "on" } else { "off" };
    Finding::when(active != "1", "hyper-threading", found, Finding::warn, remedy)
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use test_case::test_case;

    #[test_case(cores(4, 0, 1), State::Ok; "as many slots as cores")]
    #[test_case(cores(4, 4, 2), State::Warn; "more slots than cores")]
    #[test_case(swap("Filename\tType\tSize"), State::Ok; "no swap")]
    #[test_case(swap("Filename\tType\tSize\n/dev/sda2 partition 1000"), State::Warn; "swap")]
    #[test_case(core_dumps("core"), State::Ok; "a file")]
    #[test_case(core_dumps("|/usr/share/apport/apport -p%p"), State::Warn; "a program")]
    #[test_case(kernel("5.19.0-1"), State::Ok; "the first with all of it")]
    #[test_case(kernel("5.4.0-42-generic"), State::Warn; "an old one")]
    #[test_case(kernel("6.18.44-x"), State::Ok; "a new one")]
    #[test_case(clock_source("tsc"), State::Ok; "a fast clock")]
    #[test_case(clock_source("hpet"), State::Warn; "a slow clock")]
    #[test_case(process_numbers("4194304"), State::Ok; "numbers enough")]
    #[test_case(process_numbers("1000"), State::Warn; "few numbers")]
    #[test_case(hyper_threads("1"), State::Warn; "two programs on one core")]
    #[test_case(hyper_threads("0"), State::Ok; "one program on one core")]
    fn it_is(finding: Finding, state: State) {
        let Finding { state: told, name, found, remedy } = finding;
        assert_eq!((told, remedy.is_some()), (state, state != State::Ok), "{name}: {found}");
    }
}
