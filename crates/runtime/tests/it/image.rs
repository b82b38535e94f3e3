//! An image made of nothing but busybox.

use std::io::Write;
use std::path::Path;

/// The image's name.
pub(crate) const NAME: &str = "docker.io/library/busybox:test";

const APPLETS: [&str; 30] = [
    "sh", "ls", "cat", "echo", "sleep", "id", "mount", "touch", "mkdir", "hostname", "ps", "wc", "head",
    "yes", "true", "false", "grep", "env", "pwd", "stty", "nc", "dd", "kill", "readlink", "unshare", "test",
    "seq", "tty", "printf", "cut",
];

/// Writes a docker-archive of the image to `path`.
pub(crate) fn write_archive(path: &Path) {
    let layer = layer();
    let diff_id = format!("sha256:{}", digest(&layer));
    let config = serde_json::json!({
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Env": ["PATH=/usr/bin:/bin", "FROM_IMAGE=yes"],
            "Cmd": ["sh"],
            "WorkingDir": "/work",
            "StopSignal": "SIGUSR1",
        },
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        "history": [],
    })
    .to_string()
    .into_bytes();
    let config_name = format!("{}.json", digest(&config));
    let manifest =
        serde_json::json!([{"Config": config_name, "RepoTags": [NAME], "Layers": ["layer.tar"]}]).to_string();
    let mut archive = tar::Builder::new(std::fs::File::create(path).expect("archive"));
    for (name, content) in
        [("manifest.json", manifest.as_bytes()), (config_name.as_str(), &config), ("layer.tar", &layer)]
    {
        append(&mut archive, name, content, 0o644);
    }
    archive.finish().expect("archive");
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(bytes))
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, content: &[u8], mode: u32) {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(mode);
    header.set_entry_type(tar::EntryType::Regular);
    archive.append_data(&mut header, name, content).expect("append");
}

fn layer() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for folder in ["bin", "etc", "work", "tmp", "data"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_mode(if folder == "tmp" { 0o1777 } else { 0o755 });
        header.set_entry_type(tar::EntryType::Directory);
        archive.append_data(&mut header, folder, std::io::empty()).expect("append");
    }
    let busybox = std::fs::read("/bin/busybox").expect("Debian package busybox-static");
    append(&mut archive, "bin/busybox", &busybox, 0o755);
    let passwd = b"root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n";
    append(&mut archive, "etc/passwd", passwd, 0o644);
    append(&mut archive, "etc/group", b"root:x:0:\nweb:x:34:\nlogs:x:40:web\n", 0o644);
    for applet in APPLETS {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_mode(0o777);
        header.set_entry_type(tar::EntryType::Symlink);
        archive.append_link(&mut header, format!("bin/{applet}"), "busybox").expect("append");
    }
    archive.into_inner().expect("layer")
}
