//! Reading tar streams: ustar, GNU long names and pax records, each with a bound.
//!
//! The `tar` crate decodes header blocks; the sequence of blocks is walked here, because a hostile archive
//! may say that a name or a pax record is gigabytes long.

use std::collections::BTreeMap;
use std::io::{self, Read};

use tar::{EntryType, Header};

use super::ImageError;

/// Longest name, link target or pax record set, in bytes.
const EXTENSION_LEN_MAX: u64 = 1 << 20;
const BLOCK: usize = 512;

/// One entry's head, with long names and pax records applied.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: EntryType,
    pub(crate) path: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// Seconds and nanoseconds since 1970.
    pub(crate) mtime: (i64, u32),
    pub(crate) device: (u32, u32),
    /// From `SCHILY.xattr.` records.
    pub(crate) xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Walks a tar stream.
pub(crate) struct Tarball<R> {
    reader: R,
    /// Content and padding of the current entry that nobody has read.
    content_left: u64,
    padding: u64,
    /// Where the current entry's content begins.
    offset: u64,
    global: BTreeMap<Vec<u8>, Vec<u8>>,
}

fn malformed(what: &str) -> ImageError {
    ImageError::Malformed(format!("tar: {what}"))
}

impl<R: Read> Tarball<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, content_left: 0, padding: 0, offset: 0, global: BTreeMap::new() }
    }

    /// The stream, after the end-of-archive mark or wherever reading stopped.
    pub(crate) fn into_inner(self) -> R {
        self.reader
    }

    /// Where the current entry's content begins in the stream.
    pub(crate) fn content_offset(&self) -> u64 {
        self.offset
    }

    /// The next entry; `None` at the end. What was not read of the last one's content is skipped.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, ImageError> {
        let mut pax = self.global.clone();
        let (mut long_path, mut long_link) = (None, None);
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            let size = header.entry_size().map_err(|_| malformed("bad size"))?;
            match header.entry_type() {
                EntryType::GNULongName => long_path = Some(self.extension(size, true)?),
                EntryType::GNULongLink => long_link = Some(self.extension(size, true)?),
                EntryType::XHeader => pax.extend(parse_pax(&self.extension(size, false)?)?),
                EntryType::XGlobalHeader => {
                    let records = parse_pax(&self.extension(size, false)?)?;
                    self.global.extend(records.clone());
                    pax.extend(records);
                }
                kind => {
                    let mut entry = from_header(&header, kind, size)?;
                    if let Some(path) = long_path {
                        entry.path = path;
                    }
                    if let Some(link) = long_link {
                        entry.link = link;
                    }
                    apply_pax(&mut entry, pax)?;
                    // Links and devices have no content, whatever their size says (as other readers take it).
                    if matches!(
                        kind,
                        EntryType::Link
                            | EntryType::Symlink
                            | EntryType::Char
                            | EntryType::Block
                            | EntryType::Directory
                            | EntryType::Fifo
                    ) {
                        entry.size = 0;
                    }
                    self.begin_content(entry.size);
                    return Ok(Some(entry));
                }
            }
        }
    }

    fn begin_content(&mut self, size: u64) {
        self.content_left = size;
        self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
    }

    fn skip(&mut self) -> Result<(), ImageError> {
        let count = self.content_left.checked_add(self.padding).ok_or_else(|| malformed("bad size"))?;
        let skipped = io::copy(&mut self.reader.by_ref().take(count), &mut io::sink())?;
        if skipped < count {
            return Err(malformed("ends within an entry"));
        }
        self.offset += count;
        (self.content_left, self.padding) = (0, 0);
        Ok(())
    }

    /// The next header block; `None` at the end mark or the end of the stream.
    fn header(&mut self) -> Result<Option<Header>, ImageError> {
        self.skip()?;
        let mut block = [0u8; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.reader.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(malformed("ends within a header")),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.offset += BLOCK as u64;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let header = Header::from_byte_slice(&block).clone();
        // The checksum counts its own eight bytes as spaces.
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        let own: u32 = block[148..156].iter().map(|byte| u32::from(*byte)).sum();
        if header.cksum().ok() != Some(sum - own + 8 * 32) {
            return Err(malformed("bad header checksum"));
        }
        Ok(Some(header))
    }

    fn extension(&mut self, size: u64, is_name: bool) -> Result<Vec<u8>, ImageError> {
        if size > EXTENSION_LEN_MAX {
            return Err(malformed("an extended header over 1 MiB"));
        }
        self.begin_content(size);
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        if self.content_left > 0 {
            return Err(malformed("ends within an extended header"));
        }
        if is_name && let Some(end) = bytes.iter().position(|byte| *byte == 0) {
            bytes.truncate(end);
        }
        Ok(bytes)
    }
}

/// Reads the current entry's content.
impl<R: Read> Read for Tarball<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let want = buffer.len().min(usize::try_from(self.content_left).unwrap_or(usize::MAX));
        if want == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..want])?;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the tar ends within a file"));
        }
        self.content_left -= count as u64;
        self.offset += count as u64;
        Ok(count)
    }
}

fn from_header(header: &Header, kind: EntryType, size: u64) -> Result<Entry, ImageError> {
    let old = header.as_old();
    // Some writers leave a number blank for zero.
    let blank = |field: &[u8]| field.iter().all(|byte| matches!(byte, 0 | b' '));
    let id = |field: &[u8], value: io::Result<u64>| match value {
        _ if blank(field) => Ok(0),
        value => value.ok().and_then(|id| u32::try_from(id).ok()).ok_or_else(|| malformed("bad owner")),
    };
    // Devices' numbers are blank in headers of other kinds.
    let number = |value: io::Result<Option<u32>>| value.ok().flatten().unwrap_or(0);
    Ok(Entry {
        kind,
        path: header.path_bytes().into_owned(),
        link: header.link_name_bytes().map(|link| link.into_owned()).unwrap_or_default(),
        size,
        mode: if blank(&old.mode) { 0 } else { header.mode().map_err(|_| malformed("bad mode"))? },
        uid: id(&old.uid, header.uid())?,
        gid: id(&old.gid, header.gid())?,
        mtime: (i64::try_from(header.mtime().unwrap_or(0)).unwrap_or(0), 0),
        device: (number(header.device_major()), number(header.device_minor())),
        xattrs: BTreeMap::new(),
    })
}

/// Records are `LENGTH KEY=VALUE\n`; the length counts the whole record. Values may hold any byte.
fn parse_pax(mut bytes: &[u8]) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, ImageError> {
    let bad = || malformed("bad pax record");
    let mut records = BTreeMap::new();
    while !bytes.is_empty() && bytes[0] != 0 {
        let space = bytes.iter().take(20).position(|byte| *byte == b' ').ok_or_else(bad)?;
        let length = std::str::from_utf8(&bytes[..space]).ok().and_then(|text| text.parse::<usize>().ok());
        let length = length.filter(|length| *length > space + 1 && *length <= bytes.len()).ok_or_else(bad)?;
        let (record, rest) = bytes.split_at(length);
        let record = record[space + 1..].strip_suffix(b"\n").ok_or_else(bad)?;
        let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(bad)?;
        records.insert(record[..equals].to_vec(), record[equals + 1..].to_vec());
        bytes = rest;
    }
    Ok(records)
}

fn apply_pax(entry: &mut Entry, records: BTreeMap<Vec<u8>, Vec<u8>>) -> Result<(), ImageError> {
    let bad = || malformed("bad pax value");
    for (key, value) in records {
        // An empty value takes an earlier (global) record back.
        if value.is_empty() && !key.starts_with(b"SCHILY.xattr.") {
            continue;
        }
        let text = || std::str::from_utf8(&value).map_err(|_| bad());
        match key.as_slice() {
            b"path" => entry.path = value,
            b"linkpath" => entry.link = value,
            b"size" => entry.size = text()?.parse().map_err(|_| bad())?,
            b"uid" => entry.uid = text()?.parse().map_err(|_| bad())?,
            b"gid" => entry.gid = text()?.parse().map_err(|_| bad())?,
            b"mtime" => entry.mtime = parse_time(text()?).ok_or_else(bad)?,
            key if key.starts_with(b"GNU.sparse.") => {
                return Err(malformed("sparse files are not supported"));
            }
            key => {
                if let Some(name) = key.strip_prefix(b"SCHILY.xattr.") {
                    entry.xattrs.insert(name.to_vec(), value);
                }
            }
        }
    }
    Ok(())
}

/// `1700000000.123456789`, also negative.
fn parse_time(text: &str) -> Option<(i64, u32)> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = seconds.parse().ok()?;
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let nanos: u32 = digits.parse().ok()?;
    if nanos > 0 && seconds.starts_with('-') {
        return Some((whole.checked_sub(1)?, 1_000_000_000 - nanos));
    }
    Some((whole, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_extension(kind: EntryType, content: &[u8], declared: u64) -> Vec<u8> {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(declared);
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        bytes
    }

    fn file(size: u64) -> Vec<u8> {
        let mut header = Header::new_gnu();
        header.set_path("short").unwrap();
        header.set_size(size);
        header.set_mode(0o640);
        header.set_cksum();
        header.as_bytes().to_vec()
    }

    #[test]
    fn pax_records_apply() {
        let records = b"17 path=some/name\n30 mtime=1700000000.5\x00\n";
        assert!(parse_pax(records).is_err());
        let mut tar = with_extension(EntryType::XHeader, b"18 path=some/name\n10 size=3\n", 28);
        tar.extend(file(0));
        tar.extend(b"abc");
        tar.resize(tar.len() + 509 + 1024, 0);
        let mut tarball = Tarball::new(tar.as_slice());
        let entry = tarball.next().unwrap().unwrap();
        assert_eq!((entry.path.as_slice(), entry.size, entry.mode), (&b"some/name"[..], 3, 0o640));
        let mut content = String::new();
        tarball.read_to_string(&mut content).unwrap();
        assert_eq!(content, "abc");
        assert!(tarball.next().unwrap().is_none());
    }

    #[test]
    fn gigantic_extensions_are_refused() {
        for kind in
            [EntryType::XHeader, EntryType::GNULongName, EntryType::GNULongLink, EntryType::XGlobalHeader]
        {
            let tar = with_extension(kind, b"x", 1 << 33);
            let error = Tarball::new(tar.as_slice()).next().unwrap_err();
            assert!(error.to_string().contains("over 1 MiB"), "{error}");
        }
    }

    #[test]
    fn truncation_is_an_error() {
        let mut tar = file(1000);
        tar.extend([1u8; 100]);
        let mut tarball = Tarball::new(tar.as_slice());
        tarball.next().unwrap().unwrap();
        assert!(tarball.read_to_end(&mut Vec::new()).is_err());
        assert!(Tarball::new(&tar[..300]).next().is_err());
    }

    #[test]
    fn times() {
        let check = |text, expect| assert_eq!(parse_time(text), expect, "{text}");
        check("12", Some((12, 0)));
        check("12.5", Some((12, 500_000_000)));
        check("-1.25", Some((-2, 750_000_000)));
        check("x", None);
    }
}
