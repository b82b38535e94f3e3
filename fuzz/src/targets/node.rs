//! What a node reads: logs, images out of registries, DNS messages.

use hickory_proto::op::Message;
use tar::EntryType;

use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "log_line",
        corpus: || {
            seeds::of(&[
                "2026-01-02T03:04:05.000006789Z stdout F words\n",
                "2026-01-02T03:04:05.000006789+01:00 stderr P words",
                "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05Z\"}",
            ])
        },
        words: &[" ", "F", "P", "stdout", "Z", "\n", ":"],
        run: mizzen_kubelet::fuzz::log_line,
    },
    Target {
        name: "image_reference",
        corpus: || {
            seeds::of(&[
                "nginx",
                "localhost:5000/a/b:v1",
                "registry.k8s.io/pause@sha256:0123456789012345678901234567890123456789012345678901234567890123",
            ])
        },
        words: &["/", ":", "@", "sha256:", ".", "..", "__"],
        run: mizzen_runtime::images::fuzz::image_reference,
    },
    Target {
        name: "image_manifest",
        corpus: || {
            let digest = "sha256:0123456789012345678901234567890123456789012345678901234567890123";
            let layer = format!(
                r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{digest}","size":5}}"#
            );
            let manifest = format!(r#"{{"schemaVersion":2,"config":{layer},"layers":[{layer}]}}"#);
            let index = format!(
                r#"{{"schemaVersion":2,"manifests":[{{"digest":"{digest}","size":5,"platform":{{"os":"linux","architecture":"amd64"}}}}]}}"#
            );
            seeds::of(&[&manifest, &index])
        },
        words: &["\"layers\":[", "\"manifests\":[", "sha256:", "-1", "{", "}"],
        run: mizzen_runtime::images::fuzz::image_manifest,
    },
    Target {
        name: "image_config",
        corpus: || {
            seeds::of(&[
                r#"{"architecture":"amd64","os":"linux","config":{"User":"1:2","Env":["A=b"],"Entrypoint":["/x"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":["sha256:0123456789012345678901234567890123456789012345678901234567890123"]}}"#,
            ])
        },
        words: &["\"config\":", "null", "[", "]", "{", "}"],
        run: mizzen_runtime::images::fuzz::image_config,
    },
    Target {
        name: "layer_tar",
        corpus: layers,
        words: &[
            "ustar",
            "12 path=../x\n",
            "\0\0\0\0",
            "7777777",
            "././@LongLink",
            "GNU.sparse.size",
            ".wh.",
            "30 SCHILY.xattr.a=b\n",
        ],
        run: mizzen_runtime::images::fuzz::layer_tar,
    },
    Target {
        name: "dns_message",
        corpus: || {
            vec![
                b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03web\x07default\x03svc\x00\x00\x01\x00\x01".to_vec(),
                b"\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04\x7f\x00\x00\x01"
                    .to_vec(),
            ]
        },
        words: &["\u{1}", "\u{3f}", "\u{c}"],
        run: |bytes| {
            if let Ok(message) = Message::from_vec(bytes) {
                drop(message.to_vec());
            }
        },
    },
];

/// A small layer of every kind of entry.
fn layers() -> Vec<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    let long = "long/".repeat(40);
    let entries = [
        (EntryType::Directory, "etc/", "", ""),
        (EntryType::Regular, "etc/passwd", "", "root:x:0:0::/:/bin/sh\n"),
        (EntryType::Symlink, "bin", "usr/bin", ""),
        (EntryType::Link, "etc/group", "etc/passwd", ""),
        (EntryType::Regular, "etc/.wh.old", "", ""),
        (EntryType::Regular, &long, "", "x"),
    ];
    for (kind, path, link, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        let added = if link.is_empty() {
            builder.append_data(&mut header, path, content.as_bytes())
        } else {
            builder.append_link(&mut header, path, link)
        };
        added.expect("vectors take all bytes");
    }
    vec![builder.into_inner().expect("vectors take all bytes")]
}
