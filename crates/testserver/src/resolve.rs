//! Names to addresses, by DNS questions of its own: a static executable has no resolver that works without the C
//! library's files.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(3);
const ATTEMPTS: usize = 3;
/// Type A, class IN.
const QUESTION_END: [u8; 4] = [0, 1, 0, 1];

/// What `/etc/resolv.conf` says.
struct Settings {
    servers: Vec<IpAddr>,
    search: Vec<String>,
    dots: usize,
}

fn settings() -> Settings {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let mut settings = Settings { servers: Vec::new(), search: Vec::new(), dots: 1 };
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("nameserver") => {
                settings.servers.extend(words.filter_map(|word| word.parse::<IpAddr>().ok()))
            }
            Some("search") => settings.search = words.map(ToOwned::to_owned).collect(),
            Some("options") => {
                let dots = words.filter_map(|word| word.strip_prefix("ndots:")?.parse().ok());
                settings.dots = dots.max().unwrap_or(settings.dots);
            }
            _ => {}
        }
    }
    settings
}

/// The addresses of a name, with the search list as resolvers use it.
pub(crate) fn addresses(name: &str) -> io::Result<Vec<Ipv4Addr>> {
    if let Ok(address) = name.parse() {
        return Ok(vec![address]);
    }
    if name == "localhost" {
        return Ok(vec![Ipv4Addr::LOCALHOST]);
    }
    let settings = settings();
    let searched = settings.search.iter().map(|domain| format!("{name}.{domain}"));
    let mut candidates: Vec<String> = if name.ends_with('.') { Vec::new() } else { searched.collect() };
    let as_it_is = name.trim_end_matches('.').to_owned();
    if name.matches('.').count() >= settings.dots {
        candidates.insert(0, as_it_is);
    } else {
        candidates.push(as_it_is);
    }
    for candidate in candidates {
        let found = ask(&settings.servers, &candidate)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, format!("{name} has no address")))
}

/// `host:port` as an address.
pub(crate) fn socket_address(text: &str) -> io::Result<SocketAddr> {
    let (host, port) =
        text.rsplit_once(':').ok_or_else(|| io::Error::other(format!("{text} has no port")))?;
    let port = port.parse().map_err(io::Error::other)?;
    let first = addresses(host)?.first().copied();
    let first = first.ok_or_else(|| io::Error::other(format!("{host} has no address")))?;
    Ok((first, port).into())
}

fn ask(servers: &[IpAddr], name: &str) -> io::Result<Vec<Ipv4Addr>> {
    let mut last = io::Error::other("there is no name server");
    for attempt in 0..ATTEMPTS {
        for server in servers {
            let id = u16::try_from(std::process::id() & 0xffff).unwrap_or(1).wrapping_add(attempt as u16);
            match exchange(*server, id, name) {
                Ok(found) => return Ok(found),
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

fn exchange(server: IpAddr, id: u16, name: &str) -> io::Result<Vec<Ipv4Addr>> {
    let mut question = id.to_be_bytes().to_vec();
    // Recursion desired, one question.
    question.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..64).contains(length));
        question.push(length.ok_or_else(|| io::Error::other(format!("{name:?} is no name")))?);
        question.extend(label.as_bytes());
    }
    question.push(0);
    question.extend(QUESTION_END);
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.send_to(&question, (server, 53))?;
    let mut answer = [0u8; 1500];
    loop {
        let length = socket.recv(&mut answer)?;
        if length >= 12 && answer[..2] == question[..2] {
            return parse(&answer[..length], question.len())
                .ok_or_else(|| io::Error::other("a malformed answer"));
        }
    }
}

/// The A records of an answer whose question takes the bytes up to `at`.
fn parse(answer: &[u8], mut at: usize) -> Option<Vec<Ipv4Addr>> {
    match answer.get(3)? & 0x0f {
        0 => {}
        // No such name.
        3 => return Some(Vec::new()),
        _ => return None,
    }
    let count = u16::from_be_bytes([*answer.get(6)?, *answer.get(7)?]);
    let mut found = Vec::new();
    for _ in 0..count {
        // The name: labels, or a pointer to some.
        loop {
            match *answer.get(at)? {
                0 => break at += 1,
                length if length >= 0xc0 => break at += 2,
                length => at += 1 + usize::from(length),
            }
        }
        let head = answer.get(at..at + 10)?;
        let length = usize::from(u16::from_be_bytes([head[8], head[9]]));
        let data = answer.get(at + 10..at + 10 + length)?;
        if head[..2] == [0, 1]
            && let Ok(octets) = <[u8; 4]>::try_from(data)
        {
            found.push(octets.into());
        }
        at += 10 + length;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let mut answer = vec![0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
        let question = [1, b'a', 0, 0, 1, 0, 1];
        answer.extend(question);
        let at = answer.len();
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 96, 0, 1]);
        assert_eq!(parse(&answer, at), Some(vec![Ipv4Addr::new(10, 96, 0, 1)]));
        answer[3] = 0x83;
        assert_eq!(parse(&answer, at), Some(Vec::new()));
        assert_eq!(parse(&answer[..at + 3], at), Some(Vec::new()));
        answer[3] = 0x80;
        assert_eq!(parse(&answer[..at + 3], at), None);
    }
}
