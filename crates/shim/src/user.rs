//! Users and groups by name, as the container's own files explain them.

use std::io::Read;

use mizzen_kernel::Error;
use mizzen_shim::spec::User;

/// How much of /etc/passwd and /etc/group is read: an image must not fill the node's memory.
const FILE_MAX: u64 = 1 << 20;

/// A user by numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Identity {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) groups: Vec<u32>,
    pub(crate) home: String,
}

/// Explains `user`, in the root folder of the calling process.
pub(crate) fn resolve(user: &User) -> Result<Identity, Error> {
    explain(user, &read("/etc/passwd"), &read("/etc/group"))
}

/// A file's lines; none when it is not there, is no file, or is no text.
fn read(path: &str) -> String {
    let open = std::fs::symlink_metadata(path).and_then(|_| std::fs::metadata(path)).and_then(|metadata| {
        // A pipe here would keep the shim waiting.
        if metadata.is_file() {
            std::fs::File::open(path)
        } else {
            Err(std::io::ErrorKind::InvalidInput.into())
        }
    });
    let mut bytes = Vec::new();
    if let Ok(file) = open {
        file.take(FILE_MAX).read_to_end(&mut bytes).ok();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn explain(user: &User, passwd: &str, group: &str) -> Result<Identity, Error> {
    let refuse =
        |what: &str, name: &str, why: &str| Err(Error::invalid(format!("find {what} {name:?}"), why));
    let mut out = Identity { home: "/".into(), ..Identity::default() };
    let wanted = if user.user.is_empty() { "0" } else { &user.user };
    let number = parse_id(wanted);
    let entry = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| {
        fields.len() >= 6
            && match number {
                Some(uid) => fields[2].parse() == Ok(uid),
                None => fields[0] == wanted,
            }
    });
    match (&entry, number) {
        (_, Some(uid)) => out.uid = uid,
        (Some(fields), None) => match parse_id(fields[2]) {
            Some(uid) => out.uid = uid,
            None => return refuse("user", wanted, "its entry in /etc/passwd is malformed"),
        },
        (None, None) => return refuse("user", wanted, "no matching entries in passwd file"),
    }
    let mut name = wanted.to_owned();
    if let Some(fields) = &entry {
        fields[0].clone_into(&mut name);
        out.gid = parse_id(fields[3]).unwrap_or(0);
        if !fields[5].is_empty() {
            fields[5].clone_into(&mut out.home);
        }
    }
    let groups = group
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .filter(|fields| fields.len() >= 3)
        .filter_map(|fields| {
            Some((fields[0], parse_id(fields[2])?, fields.get(3).copied().unwrap_or_default()))
        })
        .collect::<Vec<_>>();
    if !user.group.is_empty() {
        out.gid = match (parse_id(&user.group), groups.iter().find(|entry| entry.0 == user.group)) {
            (Some(gid), _) => gid,
            (None, Some(entry)) => entry.1,
            (None, None) => return refuse("group", &user.group, "no matching entries in group file"),
        };
    }
    out.groups.extend(&user.groups);
    if user.image_groups {
        let member = |entry: &&(&str, u32, &str)| entry.2.split(',').any(|one| one == name);
        out.groups.extend(groups.iter().filter(member).map(|entry| entry.1));
    }
    out.groups.sort_unstable();
    out.groups.dedup();
    Ok(out)
}

/// An id in plain decimal digits; the highest number is no id.
fn parse_id(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|id| digits && *id != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:web:/srv:/bin/sh\nbad\nodd:x:-1:0::/:\n";
    const GROUP: &str = "root:x:0:\nweb:x:34:\nlogs:x:40:root,web\nbad:x\n";

    fn user(user: &str, group: &str, image_groups: bool) -> User {
        User { user: user.into(), group: group.into(), groups: vec![7], image_groups }
    }

    #[test]
    fn names_and_numbers() {
        let check = |wanted: User, expect: Option<(u32, u32, &[u32], &str)>| {
            let found = explain(&wanted, PASSWD, GROUP).ok();
            let expect = expect.map(|(uid, gid, groups, home)| Identity {
                uid,
                gid,
                groups: groups.into(),
                home: home.into(),
            });
            assert_eq!(found, expect, "{wanted:?}");
        };
        check(user("", "", true), Some((0, 0, &[7, 40], "/root")));
        check(user("web", "", true), Some((33, 34, &[7, 40], "/srv")));
        check(user("33", "", false), Some((33, 34, &[7], "/srv")));
        check(user("1234", "", true), Some((1234, 0, &[7], "/")));
        check(user("1234", "logs", true), Some((1234, 40, &[7], "/")));
        check(user("1234", "5", true), Some((1234, 5, &[7], "/")));
        check(user("nobody", "", true), None);
        check(user("web", "nogroup", true), None);
        check(user("odd", "", true), None);
        // None of these is a number, and none is a name.
        for odd in ["-1", "4294967296", "4294967295", "0x0", "+0", " 0"] {
            check(user(odd, "", true), None);
        }
    }
}
