//! Reads a container's log the way people ask for it: the last lines, since a time, following.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::mpsc;

use super::line::{self, Stream};

/// How often a followed log is looked at.
const POLL: Duration = Duration::from_millis(100);
/// Longest line kept together, in bytes.
const LINE_LEN_MAX: usize = 1 << 20;
const CHUNK: usize = 64 << 10;

/// What of a log is wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) follow: bool,
    pub(crate) timestamps: bool,
    /// Only records from then on.
    pub(crate) since: Option<Timestamp>,
    /// Only so many lines from the end.
    pub(crate) tail: Option<usize>,
    /// Only so many bytes.
    pub(crate) limit: Option<u64>,
    /// Only one of the streams.
    pub(crate) stream: Option<Stream>,
}

/// Turns records into what people see.
struct Writer {
    options: Options,
    left: u64,
    /// The next record begins a line.
    at_start: bool,
}

impl Writer {
    fn new(options: &Options) -> Self {
        Self { left: options.limit.unwrap_or(u64::MAX), options: options.clone(), at_start: true }
    }

    /// A record's share of the output; `None` when it has none.
    fn render(&mut self, raw: &[u8]) -> Option<Bytes> {
        let record = line::parse(raw)?;
        if self.options.since.is_some_and(|since| record.time < since) {
            return None;
        }
        if self.options.stream.is_some_and(|stream| record.stream != stream) {
            return None;
        }
        let mut out = BytesMut::with_capacity(raw.len());
        if self.options.timestamps && self.at_start {
            out.extend_from_slice(record.time_text);
            out.extend_from_slice(b" ");
        }
        out.extend_from_slice(record.text);
        self.at_start = !record.partial;
        if !record.partial {
            out.extend_from_slice(b"\n");
        }
        let allowed = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        out.truncate(allowed);
        self.left -= allowed as u64;
        Some(out.freeze()).filter(|bytes| !bytes.is_empty())
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }
}

/// Cuts a file into records as it grows.
struct Records {
    file: tokio::fs::File,
    buffer: BytesMut,
    scanned: usize,
    position: u64,
}

impl Records {
    async fn open(path: &Path, offset: u64) -> std::io::Result<Self> {
        let mut file = tokio::fs::File::open(path).await?;
        file.seek(std::io::SeekFrom::Start(offset)).await?;
        Ok(Self { file, buffer: BytesMut::new(), scanned: 0, position: offset })
    }

    /// The next whole record; `None` at the file's present end.
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        loop {
            if let Some(at) = self.buffer[self.scanned..].iter().position(|byte| *byte == b'\n') {
                let record = self.buffer.split_to(self.scanned + at + 1).freeze();
                self.scanned = 0;
                return Ok(Some(record));
            }
            self.scanned = self.buffer.len();
            if self.buffer.len() > LINE_LEN_MAX {
                self.scanned = 0;
                return Ok(Some(self.buffer.split().freeze()));
            }
            self.buffer.reserve(CHUNK);
            let read = self.file.read_buf(&mut self.buffer).await?;
            if read == 0 {
                return Ok(None);
            }
            self.position += read as u64;
        }
    }

    /// The file behind the path is another one now, or was cut.
    async fn is_replaced(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let (Ok(own), Ok(there)) = (self.file.metadata().await, tokio::fs::metadata(path).await) else {
            return false;
        };
        own.ino() != there.ino() || own.dev() != there.dev() || there.len() < self.position
    }
}

/// Where the last `lines` lines of a file begin.
async fn tail_offset(path: &Path, lines: usize) -> std::io::Result<u64> {
    let mut file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    if lines == 0 {
        return Ok(length);
    }
    let mut chunk = vec![0u8; CHUNK];
    let (mut end, mut found) = (length, 0usize);
    // A record whose tag is P does not end a line: the last byte of the text cannot tell, so records are counted here
    // and lines that were split show whole from where they begin in the worst case one record late.
    while end > 0 {
        let size = usize::try_from(end).unwrap_or(CHUNK).min(CHUNK);
        let start = end - size as u64;
        file.seek(std::io::SeekFrom::Start(start)).await?;
        file.read_exact(&mut chunk[..size]).await?;
        for at in (0..size).rev() {
            let position = start + at as u64;
            if chunk[at] == b'\n' && position + 1 != length {
                found += 1;
                if found == lines {
                    return Ok(position + 1);
                }
            }
        }
        end = start;
    }
    Ok(0)
}

/// Sends a log's text to `out` until its end (or, following, until `running` says that the container has ended and
/// everything was read). A receiver that goes away ends it.
pub(crate) async fn stream<F, R>(
    path: PathBuf,
    options: Options,
    out: mpsc::Sender<Bytes>,
    running: F,
) -> std::io::Result<()>
where
    F: Fn() -> R + Send,
    R: Future<Output = bool> + Send,
{
    let mut writer = Writer::new(&options);
    let offset = match options.tail {
        // Lines before `since` do not count: then the tail is taken from what is left.
        Some(lines) if options.since.is_none() && options.stream.is_none() => {
            tail_offset(&path, lines).await?
        }
        _ => 0,
    };
    let mut records = Records::open(&path, offset).await?;
    let mut held: Option<VecDeque<Bytes>> =
        options.tail.filter(|_| options.since.is_some() || options.stream.is_some()).map(|_| VecDeque::new());
    loop {
        let record = records.next().await?;
        let Some(record) = record else {
            for text in held.take().into_iter().flatten() {
                if out.send(text).await.is_err() {
                    return Ok(());
                }
            }
            if !options.follow || writer.is_full() {
                return Ok(());
            }
            if records.is_replaced(&path).await {
                // What was written between the last read and the rename.
                if records.buffer.is_empty() {
                    records = Records::open(&path, 0).await?;
                }
                continue;
            }
            if !running().await && records.next().await?.is_none() {
                return Ok(());
            }
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                () = out.closed() => return Ok(()),
            }
            continue;
        };
        let Some(text) = writer.render(&record) else { continue };
        match &mut held {
            Some(queue) => {
                queue.push_back(text);
                if queue.len() > options.tail.unwrap_or(usize::MAX) {
                    queue.pop_front();
                }
            }
            None => {
                if out.send(text).await.is_err() {
                    return Ok(());
                }
            }
        }
        if writer.is_full() && held.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "2026-01-01T00:00:01Z stdout F one\n2026-01-01T00:00:02Z stderr P tw\n\
        2026-01-01T00:00:03Z stderr F o\n2026-01-01T00:00:04Z stdout F three\n";

    async fn read(options: Options) -> String {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("0.log");
        std::fs::write(&path, LOG).expect("written");
        let (sender, mut receiver) = mpsc::channel(100);
        stream(path, options, sender, || async { false }).await.expect("read");
        let mut text = Vec::new();
        while let Some(bytes) = receiver.recv().await {
            text.extend_from_slice(&bytes);
        }
        String::from_utf8(text).expect("text")
    }

    #[tokio::test]
    async fn options() {
        assert_eq!(read(Options::default()).await, "one\ntwo\nthree\n");
        assert_eq!(read(Options { tail: Some(1), ..Options::default() }).await, "three\n");
        assert_eq!(read(Options { tail: Some(0), ..Options::default() }).await, "");
        assert_eq!(read(Options { tail: Some(99), ..Options::default() }).await, "one\ntwo\nthree\n");
        assert_eq!(read(Options { limit: Some(5), ..Options::default() }).await, "one\nt");
        let since = Some("2026-01-01T00:00:03Z".parse().expect("a time"));
        assert_eq!(read(Options { since, ..Options::default() }).await, "o\nthree\n");
        assert_eq!(read(Options { since, tail: Some(1), ..Options::default() }).await, "three\n");
        let stamped = Options { timestamps: true, tail: Some(1), ..Options::default() };
        assert_eq!(read(stamped).await, "2026-01-01T00:00:04Z three\n");
        assert_eq!(
            read(Options { stream: Some(Stream::Stdout), ..Options::default() }).await,
            "one\nthree\n"
        );
        let follow = Options { follow: true, ..Options::default() };
        assert_eq!(read(follow).await, "one\ntwo\nthree\n", "following ends with the container");
    }
}
