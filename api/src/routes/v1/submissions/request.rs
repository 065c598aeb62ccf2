//! What a client sends.
//!
//! Every field may be null or left out as far as reading goes (`crate::http::body`); what is needed is asked for here.

use gavel_model::{Encoding, Lane, LimitsRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::described::WorkRequest;
use super::work::WorkBody;
use crate::http::bytes::{BytesBody, BytesError, decode};
use crate::http::object::Object;
use crate::intake::{Field, Refusal, Request, RequestedProgram, RequestedWork};
use crate::settings::IfUnavailable;

/// A program and what to do with it. `{"language","source"}` alone runs it with empty input.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"language": "python", "source": "print('Hello')"}))]
pub struct SubmissionRequest {
    /// The language's id or one of its aliases. May be left out when a file's extension tells it.
    language: Option<String>,
    /// The program as one text; or `files`, never both.
    source: Option<BytesBody>,
    /// The program as files; the first is the entry.
    #[schema(value_type = Option<Vec<FileRequest>>)]
    files: Option<Vec<Object<FileRequest>>>,
    /// Arguments of the program.
    args: Option<Vec<String>>,
    /// Words for the compiler's command line, of those that the language lists; of words that contradict each other the
    /// last one counts.
    #[schema(example = json!(["-O0"]))]
    compiler_options: Option<Vec<String>>,
    /// Who is served first; `practice` if left out.
    lane: Option<LaneRequest>,
    /// Limits of each run; what is left out is the default. A stored problem decides its own.
    #[schema(value_type = Option<LimitsBody>)]
    limits: Option<Object<LimitsBody>>,
    /// What to do with the program; without it, one run with empty input.
    #[schema(value_type = Option<WorkRequest>)]
    work: Option<Object<WorkBody>>,
    /// Whether the result carries what the program printed, also for `tests` and `problem` work.
    stdout: Option<bool>,
    /// Where to be called when it is final: an `http` or `https` URL.
    #[schema(example = "https://contest.example/judged")]
    callback_url: Option<String>,
    /// What to do where no worker takes the language now; the setting `api.if_unavailable` if left out.
    if_unavailable: Option<IfUnavailable>,
}

/// One file of a program.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct FileRequest {
    /// A relative path below the program's folder.
    #[schema(value_type = String, example = "main.cpp", max_length = 255)]
    name: Option<String>,
    /// What is in it.
    #[schema(value_type = String)]
    content: Option<String>,
    /// How `content` is written; `utf8` if left out.
    encoding: Option<Encoding>,
}

/// The lanes that clients may use.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LaneRequest {
    /// A running contest: judged first.
    Contest,
    /// Everything else people wait for.
    Practice,
}

/// The limits a request asks for; what is left out is the default.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[schema(as = LimitsRequest)]
pub struct LimitsBody {
    /// CPU time of all processes together, user and system, in milliseconds.
    cpu_ms: Option<u64>,
    /// Wall-clock time, in milliseconds; without it 2 x CPU + 1 s.
    wall_ms: Option<u64>,
    /// Memory, in MiB.
    memory_mb: Option<u64>,
    /// Standard output, in KiB.
    output_kb: Option<u64>,
    /// Processes and threads at the same time.
    processes: Option<u64>,
    /// Address space of each process, in MiB, for languages that say so: a request for more memory fails. Without it only the
    /// memory that is used counts.
    #[schema(example = 400)]
    address_space_mb: Option<u64>,
}

impl SubmissionRequest {
    /// A program that is run once, with nothing else asked for.
    #[must_use]
    pub fn program(
        language: Option<String>,
        source: Option<BytesBody>,
        files: Option<Vec<Object<FileRequest>>>,
        args: Option<Vec<String>>,
        compiler_options: Option<Vec<String>>,
        limits: Option<Object<LimitsBody>>,
    ) -> Self {
        Self { language, source, files, args, compiler_options, limits, ..Self::default() }
    }

    /// What the request asks for.
    ///
    /// # Errors
    /// When something that is needed is missing, or does not go together.
    pub fn read(self) -> Result<Request, Refusal> {
        let program = match (self.source, self.files) {
            (Some(source), None) => RequestedProgram::Text(read_bytes(source, Field::Source)?),
            (None, Some(files)) => {
                let files = files.into_iter().enumerate();
                RequestedProgram::Files(
                    files.map(|(k, Object(file))| file.read(k)).collect::<Result<_, _>>()?,
                )
            }
            (Some(_), Some(_)) => return Err(Refusal::Both(Field::Source, Field::Files)),
            (None, None) => return Err(Refusal::Neither(Field::Source, Field::Files)),
        };
        Ok(Request {
            language: self.language,
            program,
            args: self.args.unwrap_or_default(),
            compiler_options: self.compiler_options.unwrap_or_default(),
            lane: self.lane.map_or(Lane::Practice, Lane::from),
            limits: self.limits.map(|Object(limits)| limits.into()).unwrap_or_default(),
            work: match self.work {
                Some(Object(work)) => work.read()?,
                None => RequestedWork::run(bytes::Bytes::new()),
            },
            stdout: self.stdout.unwrap_or_default(),
            callback_url: self.callback_url,
            if_unavailable: self.if_unavailable,
            note: None,
        })
    }
}

impl SubmissionRequest {
    /// What the request leaves out is taken from another one.
    #[must_use]
    pub fn or(self, common: &Self) -> Self {
        let common = common.clone();
        // One program: whichever form it has.
        let own = self.source.is_some() || self.files.is_some();
        let (source, files) = if own { (self.source, self.files) } else { (common.source, common.files) };
        Self {
            language: self.language.or(common.language),
            source,
            files,
            args: self.args.or(common.args),
            compiler_options: self.compiler_options.or(common.compiler_options),
            lane: self.lane.or(common.lane),
            limits: self.limits.or(common.limits),
            work: self.work.or(common.work),
            stdout: self.stdout.or(common.stdout),
            callback_url: self.callback_url.or(common.callback_url),
            if_unavailable: self.if_unavailable.or(common.if_unavailable),
        }
    }
}

impl FileRequest {
    fn read(self, k: usize) -> Result<(String, bytes::Bytes), Refusal> {
        let name = self.name.ok_or(Refusal::Missing(Field::FileName(k)))?;
        let content = self.content.ok_or(Refusal::Missing(Field::FileContent(k)))?;
        let content = decode(content, self.encoding.unwrap_or_default())
            .map_err(|error| Refusal::NotBase64(Field::FileContent(k), error))?;
        Ok((name, content))
    }
}

/// The bytes of a field.
pub(super) fn read_bytes(body: BytesBody, field: Field) -> Result<bytes::Bytes, Refusal> {
    body.read().map_err(|error| {
        let data = Field::Data(Box::new(field));
        match error {
            BytesError::NoData => Refusal::Missing(data),
            BytesError::Base64(error) => Refusal::NotBase64(data, error),
        }
    })
}

impl From<LaneRequest> for Lane {
    fn from(lane: LaneRequest) -> Self {
        match lane {
            LaneRequest::Contest => Self::Contest,
            LaneRequest::Practice => Self::Practice,
        }
    }
}

impl From<LimitsBody> for LimitsRequest {
    fn from(body: LimitsBody) -> Self {
        let LimitsBody { cpu_ms, wall_ms, memory_mb, output_kb, processes, address_space_mb } = body;
        Self { cpu_ms, wall_ms, memory_mb, output_kb, processes, address_space_mb }
    }
}
