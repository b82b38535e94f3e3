//! Header blocks: name and value pairs, compressed with a shared dictionary and one state for a connection's life.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};

/// How long a header block may be once decompressed.
const BLOCK_MAX: usize = 64 << 10;
/// How many headers a block may have.
const HEADERS_MAX: usize = 100;

/// Names and values.
pub(crate) type Headers = Vec<(String, String)>;

/// The block is malformed or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed SPDY header block")]
pub(crate) struct Malformed;

/// Words of the dictionary, each after its length in four bytes. Source: SPDY draft 3.1, section 2.6.10.1.
const WORDS: [&str; 65] = [
    "options",
    "head",
    "post",
    "put",
    "delete",
    "trace",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "connection",
    "content-base",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "retry-after",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "method",
    "get",
    "status",
    "200 OK",
    "version",
    "HTTP/1.1",
    "url",
    "public",
    "set-cookie",
    "keep-alive",
    "origin",
];

/// What follows the words.
const TAIL: &str = concat!(
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505",
    "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized",
    "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable",
    "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT",
    "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,",
    "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.",
);

fn dictionary() -> Vec<u8> {
    let mut out = Vec::with_capacity(1500);
    for word in WORDS {
        out.extend(u32::try_from(word.len()).expect("words are short").to_be_bytes());
        out.extend(word.as_bytes());
    }
    out.extend(TAIL.as_bytes());
    out
}

/// Reads header blocks.
pub(crate) struct Decoder(Decompress);

impl Decoder {
    pub(crate) fn new() -> Self {
        Self(Decompress::new(true))
    }

    /// Reads the next block.
    pub(crate) fn decode(&mut self, block: &[u8]) -> Result<Headers, Malformed> {
        parse(&self.inflate(block)?)
    }

    fn inflate(&mut self, block: &[u8]) -> Result<Vec<u8>, Malformed> {
        let start = self.0.total_in();
        let mut out = Vec::with_capacity(1024);
        loop {
            let used = usize::try_from(self.0.total_in() - start).map_err(|_| Malformed)?;
            let rest = block.get(used..).ok_or(Malformed)?;
            let before = out.len();
            match self.0.decompress_vec(rest, &mut out, FlushDecompress::Sync) {
                Ok(_) => {
                    let used = usize::try_from(self.0.total_in() - start).map_err(|_| Malformed)?;
                    if used == block.len() && out.len() < out.capacity() {
                        return Ok(out);
                    }
                    if out.len() == before && out.len() < out.capacity() {
                        // Neither taken nor given: it never will be.
                        return Err(Malformed);
                    }
                    if out.capacity() >= BLOCK_MAX {
                        return Err(Malformed);
                    }
                    out.reserve(out.capacity());
                }
                Err(error) if error.needs_dictionary().is_some() => {
                    self.0.set_dictionary(&dictionary()).map_err(|_| Malformed)?;
                }
                Err(_) => return Err(Malformed),
            }
        }
    }
}

fn parse(block: &[u8]) -> Result<Headers, Malformed> {
    fn number(rest: &mut &[u8]) -> Result<usize, Malformed> {
        let (number, tail) = rest.split_first_chunk::<4>().ok_or(Malformed)?;
        *rest = tail;
        usize::try_from(u32::from_be_bytes(*number)).map_err(|_| Malformed)
    }
    fn text(rest: &mut &[u8]) -> Result<String, Malformed> {
        let length = number(rest)?;
        let (text, tail) = rest.split_at_checked(length).ok_or(Malformed)?;
        *rest = tail;
        String::from_utf8(text.to_vec()).map_err(|_| Malformed)
    }
    let mut rest = block;
    let count = number(&mut rest)?;
    if count > HEADERS_MAX {
        return Err(Malformed);
    }
    let mut headers = Vec::new();
    for _ in 0..count {
        let name = text(&mut rest)?.to_ascii_lowercase();
        headers.push((name, text(&mut rest)?));
    }
    if rest.is_empty() { Ok(headers) } else { Err(Malformed) }
}

/// Writes header blocks.
pub(crate) struct Encoder(Compress);

impl Encoder {
    pub(crate) fn new() -> Self {
        let mut compress = Compress::new(Compression::default(), true);
        compress.set_dictionary(&dictionary()).expect("it is the first call");
        Self(compress)
    }

    /// Writes a block.
    pub(crate) fn encode(&mut self, headers: &[(&str, &str)]) -> Vec<u8> {
        let mut block = Vec::new();
        let mut put = |text: &str| {
            block.extend(u32::try_from(text.len()).expect("headers are short").to_be_bytes());
            block.extend(text.as_bytes());
        };
        for (name, value) in headers {
            put(name);
            put(value);
        }
        let count = u32::try_from(headers.len()).expect("headers are few").to_be_bytes();
        let plain = [&count[..], &block].concat();
        let start = self.0.total_in();
        let mut out = Vec::with_capacity(plain.len() + 64);
        loop {
            let used = usize::try_from(self.0.total_in() - start).expect("no more than the block");
            self.0
                .compress_vec(&plain[used..], &mut out, FlushCompress::Sync)
                .expect("memory is all that compression needs");
            let used = usize::try_from(self.0.total_in() - start).expect("no more than the block");
            if used == plain.len() && out.len() < out.capacity() {
                return out;
            }
            out.reserve(64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adler-32. Source: RFC 1950.
    fn adler(bytes: &[u8]) -> u32 {
        let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
            let a = (a + u32::from(*byte)) % 65_521;
            (a, (b + a) % 65_521)
        });
        b << 16 | a
    }

    #[test]
    fn the_dictionary_is_the_one_of_the_specification() {
        assert_eq!(dictionary().len(), 1423);
        // Every SPDY/3 stream of headers begins 78 bb e3 c6 a7 c2: the last four are the dictionary's checksum.
        assert_eq!(adler(&dictionary()), 0xe3c6_a7c2);
        let block = Encoder::new().encode(&[]);
        assert_eq!(block[2..6], [0xe3, 0xc6, 0xa7, 0xc2]);
    }

    #[test]
    fn blocks_come_back() {
        let (mut encoder, mut decoder) = (Encoder::new(), Decoder::new());
        let long = "x".repeat(5000);
        for headers in [vec![("streamtype", "error")], vec![], vec![("a", long.as_str()), ("port", "80")]] {
            let block = encoder.encode(&headers);
            let expect = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            assert_eq!(decoder.decode(&block).expect("decoded"), expect.collect::<Vec<_>>());
        }
    }

    #[test]
    fn lies_and_bombs_are_refused() {
        let check = |block: &[u8]| assert_eq!(parse(block), Err(Malformed), "{block:?}");
        check(&[0xff; 4]);
        check(&[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
        check(&[0, 0, 0, 0, 1]);
        check(&[0, 0, 0]);
        let bomb = "x".repeat(1 << 20);
        let block = Encoder::new().encode(&[("a", &bomb)]);
        assert!(block.len() < 10_000);
        assert_eq!(Decoder::new().decode(&block), Err(Malformed));
        assert_eq!(Decoder::new().decode(b"no zlib"), Err(Malformed));
        assert_eq!(Decoder::new().decode(&Encoder::new().encode(&[])[..5]), Err(Malformed));
    }
}
