//! What the codec must keep: round trips, any split, any bytes.

use proptest::prelude::*;

use crate::*;

fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec("[a-zA-Z0-9_$-]{1,12}", 1..=MAX_DEPTH).prop_map(|names| names.join("/"))
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..600)
}

fn root() -> impl Strategy<Value = Root> {
    prop_oneof![Just(Root::Work), Just(Root::Tmp)]
}

fn spec() -> impl Strategy<Value = ExecSpec> {
    let words = proptest::collection::vec(".{0,20}", 0..6);
    let env = proptest::collection::vec((".{0,9}", ".{0,9}"), 0..4);
    let stdin = prop_oneof![
        Just(Stdin::Empty),
        Just(Stdin::Stream),
        any::<u64>().prop_map(|size| Stdin::File { size }),
        Just(Stdin::Pipe),
        Just(Stdin::Live)
    ];
    let stdout = prop_oneof![Just(Stdout::Stream), Just(Stdout::Pipe), Just(Stdout::Discard)];
    let cores = proptest::collection::vec(any::<u32>(), 0..4);
    (words, env, ".{0,20}", stdin, stdout, any::<[u64; 9]>(), cores, proptest::option::of(any::<u64>()))
        .prop_map(|(argv, env, cwd, stdin, stdout, n, cores, address_space_bytes)| ExecSpec {
            argv,
            env,
            cwd,
            stdin,
            stdout,
            cpu_limit_us: n[0],
            wall_limit_us: n[1],
            stdout_limit: n[2],
            stderr_limit: n[3],
            stderr_forward: n[4],
            stack_bytes: n[5],
            wall_spare_us: n[6],
            memory_limit: n[7],
            file_bytes: n[8],
            cores,
            address_space_bytes,
        })
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (root(), path(), any::<u32>(), any::<u64>(), any::<bool>())
            .prop_map(|(root, path, mode, size, keep)| Command::Put { root, path, mode, size, keep }),
        bytes().prop_map(Command::Data),
        spec().prop_map(Command::Exec),
        bytes().prop_map(Command::Stdin),
        Just(Command::StdinEof),
        Just(Command::Kill),
        (1_u8..=64).prop_map(|number| Command::Signal { number }),
        (root(), prop_oneof![path(), Just(String::new())], any::<u64>(), any::<u32>()).prop_map(
            |(root, path, max_bytes, max_files)| Command::Fetch { root, path, max_bytes, max_files }
        ),
        (root(), path(), any::<u64>()).prop_map(|(root, path, max_bytes)| Command::FetchFile {
            root,
            path,
            max_bytes
        }),
        Just(Command::Reset),
        Just(Command::Blank),
        (path(), any::<bool>(), "[a-z]{1,9}", "[a-z]{1,9}").prop_map(|(dir, create, read, write)| {
            Command::PipesOpen { dir: format!("/{dir}"), create, read, write }
        }),
        Just(Command::PipesSeal),
        any::<(u64, u64)>()
            .prop_map(|(settle_us, last_words_us)| Command::PeerEnded { settle_us, last_words_us }),
        any::<u64>().prop_map(|total_us| Command::PeerWaited { total_us }),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let ending = prop_oneof![
        any::<i32>().prop_map(Ending::Code),
        any::<i32>().prop_map(Ending::Signal),
        (any::<i32>(), ".{0,20}").prop_map(|(errno, what)| Ending::NotStarted { errno, what }),
    ];
    let limit = proptest::option::of(prop_oneof![
        Just(Limit::Cpu),
        Just(Limit::Wall),
        Just(Limit::Stdout),
        Just(Limit::Stderr),
        Just(Limit::Memory),
        Just(Limit::Killed)
    ]);
    let unknown = proptest::array::uniform5(proptest::option::of(any::<u64>()));
    (ending, limit, unknown, any::<[u64; 9]>(), any::<u32>()).prop_map(
        |(ending, limit, [cgroup_cpu_us, oom_kills, waited_us, held_bytes, read_bytes], n, processes)| {
            Outcome {
                ending,
                limit,
                user_us: n[0],
                system_us: n[1],
                cgroup_cpu_us,
                wall_us: n[2],
                waited_us,
                max_rss_bytes: n[3],
                held_bytes,
                stdin_file_bytes: n[8],
                oom_kills,
                stdout_bytes: n[4],
                stderr_bytes: n[5],
                read_bytes,
                processes,
                started_ns: n[6],
                ended_ns: n[7],
            }
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let cgroup = prop_oneof![Just(Cgroup::V1), Just(Cgroup::V2), Just(Cgroup::Unknown)];
    prop_oneof![
        (any::<u16>(), cgroup).prop_map(|(protocol, cgroup)| Event::Ready { protocol, cgroup }),
        bytes().prop_map(Event::Stdout),
        bytes().prop_map(Event::Stderr),
        outcome().prop_map(Event::Exited),
        (path(), any::<u32>(), any::<u64>()).prop_map(|(path, mode, size)| Event::File { path, mode, size }),
        bytes().prop_map(Event::Data),
        (any::<u32>(), any::<u64>()).prop_map(|(files, bytes)| Event::Fetched { files, bytes }),
        Just(Event::ResetDone),
        Just(Event::BlankDone),
        Just(Event::PipesReady),
        Just(Event::PeerEndShown),
        any::<u64>().prop_map(|total_us| Event::Waited { total_us }),
        any::<u64>().prop_map(|total| Event::Taken { total }),
        ".{0,50}".prop_map(|what| Event::Failed { what }),
    ]
}

/// Feeds `stream` in pieces of the given sizes (round and round) and collects every message.
fn decode_split<T: Message>(stream: &[u8], cuts: &[usize]) -> Result<Vec<(u64, T)>, ProtocolError> {
    let mut decoder = Decoder::new();
    let mut messages = Vec::new();
    let mut rest = stream;
    let mut sizes = cuts.iter().copied().cycle();
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(sizes.next().unwrap_or(1).clamp(1, rest.len()));
        decoder.push(piece);
        rest = later;
        while let Some(message) = decoder.next()? {
            messages.push(message);
        }
    }
    Ok(messages)
}

proptest! {
    #[test]
    fn commands_round_trip_however_they_are_split(
        sent in proptest::collection::vec((any::<u64>(), command()), 0..8),
        cuts in proptest::collection::vec(1usize..700, 1..6),
    ) {
        let mut stream = Vec::new();
        for (nonce, command) in &sent {
            encode_command(*nonce, command, &mut stream).unwrap();
        }
        prop_assert_eq!(decode_split::<Command>(&stream, &cuts).unwrap(), sent);
    }

    #[test]
    fn events_round_trip_however_they_are_split(
        sent in proptest::collection::vec((any::<u64>(), event()), 0..8),
        cuts in proptest::collection::vec(1usize..700, 1..6),
    ) {
        let mut stream = Vec::new();
        for (nonce, event) in &sent {
            encode_event(*nonce, event, &mut stream).unwrap();
        }
        prop_assert_eq!(decode_split::<Event>(&stream, &cuts).unwrap(), sent);
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4096), cut in 1usize..64) {
        drop(decode_split::<Command>(&bytes, &[cut]));
        drop(decode_split::<Event>(&bytes, &[cut]));
    }

    #[test]
    fn any_payload_of_any_kind_never_panics(
        kind in any::<u8>(), nonce in any::<u64>(), payload in proptest::collection::vec(any::<u8>(), 0..512),
    ) {
        let mut frame = u32::try_from(payload.len() + 9).unwrap().to_le_bytes().to_vec();
        frame.push(kind);
        frame.extend_from_slice(&nonce.to_le_bytes());
        frame.extend_from_slice(&payload);
        drop(decode_split::<Command>(&frame, &[frame.len()]));
        drop(decode_split::<Event>(&frame, &[frame.len()]));
    }

    #[test]
    fn a_damaged_frame_never_panics(
        event in event(), at in any::<prop::sample::Index>(), with in any::<u8>(),
    ) {
        let mut frame = Vec::new();
        encode_event(7, &event, &mut frame).unwrap();
        let at = at.index(frame.len());
        frame[at] = with;
        drop(decode_split::<Event>(&frame, &[17]));
    }

    #[test]
    fn an_accepted_path_cannot_climb(path in "[a./\\x00-]{0,24}") {
        if check_path(&path).is_ok() {
            let names: Vec<_> = path.split('/').collect();
            prop_assert!(!path.starts_with('/') && !path.contains('\0'));
            prop_assert!(names.iter().all(|name| !matches!(*name, "" | "." | "..")));
        }
    }
}

#[test]
fn lengths_out_of_bounds_are_refused_before_the_rest_is_waited_for() {
    for length in [0, 8, MAX_FRAME - 3, usize::try_from(u32::MAX).unwrap()] {
        let mut decoder = Decoder::<Event>::new();
        decoder.push(&u32::try_from(length).unwrap().to_le_bytes());
        assert_eq!(decoder.next(), Err(ProtocolError::Length(length)));
        decoder.push(&[0; 64]);
        assert_eq!(decoder.next(), Err(ProtocolError::Length(length)), "an error stays");
    }
}

#[test]
fn a_frame_of_the_largest_size_passes_and_one_byte_more_does_not() {
    let fits = |length: usize| {
        let mut out = Vec::new();
        let done = encode_event(1, &Event::Failed { what: "x".repeat(length) }, &mut out);
        (done, out.len())
    };
    // postcard spends three bytes on the length of a string of this size
    assert_eq!(fits(MAX_FRAME - HEADER - 3), (Ok(()), MAX_FRAME));
    assert_eq!(fits(MAX_FRAME - HEADER - 2), (Err(ProtocolError::Length(MAX_FRAME - 3)), 0));
    assert_eq!(encode_stdin(1, &[0; CHUNK + 1], &mut Vec::new()), Err(ProtocolError::Chunk(CHUNK + 1)));
}

#[test]
fn only_numbers_of_signals_are_signals() {
    for number in [0, 65, u8::MAX] {
        let refused = encode_command(1, &Command::Signal { number }, &mut Vec::new());
        assert!(matches!(refused, Err(ProtocolError::Payload(_))), "{number}");
    }
}

#[test]
fn bytes_after_a_payload_are_refused() {
    let mut frame = Vec::new();
    encode_event(1, &Event::Fetched { files: 1, bytes: 1 }, &mut frame).unwrap();
    frame.push(0);
    frame[0] += 1;
    assert!(matches!(decode_split::<Event>(&frame, &[99]), Err(ProtocolError::Payload(_))));
}

#[test]
fn paths_that_leave_their_root_are_refused() {
    let long = "n".repeat(MAX_COMPONENT + 1);
    let deep = vec!["d"; MAX_DEPTH + 1].join("/");
    for (path, why) in [
        ("", PathError::Empty),
        ("/etc/passwd", PathError::Absolute),
        ("..", PathError::Dots),
        ("a/../../b", PathError::Dots),
        ("./a", PathError::Dots),
        ("a//b", PathError::Empty),
        ("a/", PathError::Empty),
        ("a\0b", PathError::Nul),
        (long.as_str(), PathError::LongName),
        (deep.as_str(), PathError::Deep),
    ] {
        assert_eq!(check_path(path), Err(why), "{path:?}");
        let event = Event::File { path: path.to_owned(), mode: 0, size: 0 };
        assert_eq!(encode_event(1, &event, &mut Vec::new()), Err(ProtocolError::Path(why)));
    }
    for path in ["a", "Main$Inner.class", "a b/c\nd", "...", &"n".repeat(MAX_COMPONENT)] {
        assert_eq!(check_path(path), Ok(()), "{path:?}");
    }
}
