//! The two images that tests run: busybox, and our own static test server. Made once, kept below `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use serde_json::json;

use crate::archive::{Image, Layer, LayerBuilder};
use crate::tools::{root, run};

/// Users that images know.
const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
const GROUP: &str = "root:x:0:\nnogroup:x:65534:\n";

fn folder() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let folder = target.join("testkit");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// Debian's static busybox with a link for each of its commands, as the bottom of an image.
pub fn busybox_layer() -> Result<Layer> {
    let program = fs::read("/bin/busybox").context("read /bin/busybox (Debian: busybox-static)")?;
    let names = run(Command::new("/bin/busybox").arg("--list"))?;
    let mut layer = LayerBuilder::new()
        .folder("bin", 0o755, 0)?
        .folder("etc", 0o755, 0)?
        .folder("root", 0o700, 0)?
        .folder("tmp", 0o1777, 0)?
        .file("bin/busybox", 0o755, &program)?
        .file("etc/passwd", 0o644, PASSWD.as_bytes())?
        .file("etc/group", 0o644, GROUP.as_bytes())?;
    for name in names.lines().filter(|name| *name != "busybox") {
        layer = layer.link(&format!("bin/{name}"), "busybox")?;
    }
    layer.build()
}

/// Our test server as a static executable.
pub fn testserver() -> Result<PathBuf> {
    let (program, source) = (folder()?.join("testserver"), root().join("crates/testserver/src/main.rs"));
    let made = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    // Where the program was brought along there is no source.
    let newest = fs::read_dir(source.parent().context("a source has a folder")?)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| made(&entry.path()))
        .max();
    if made(&program) < newest {
        let own = program.with_extension(unique());
        run(Command::new("rustc")
            .args(["--edition", "2024", "-O", "-C", "target-feature=+crt-static", "-C", "strip=symbols"])
            .args(["--target", "x86_64-unknown-linux-gnu", "-o"])
            .args([&own, &source]))?;
        fs::rename(&own, &program).context("put the test server in place")?;
    }
    Ok(program)
}

/// An ending for a file that is not in place yet: several processes, and several tests of one, may be at it.
fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn archive(name: &str, image: &Image) -> Result<PathBuf> {
    let path = folder()?.join(format!("{name}.tar"));
    let own = path.with_extension(unique());
    image.write(&format!("localhost/{name}:test"), &own)?;
    fs::rename(&own, &path).context("put the archive in place")?;
    Ok(path)
}

/// An archive of `localhost/busybox:test`.
pub fn busybox_image() -> Result<PathBuf> {
    let image = Image { layers: vec![busybox_layer()?], ..Image::default() };
    archive("busybox", &image.with("Cmd", json!(["sh"])).with("Env", json!(["PATH=/bin"])))
}

/// An archive of `localhost/testserver:test`: busybox and the test server, which listens on port 8080.
pub fn testserver_image() -> Result<PathBuf> {
    let own = LayerBuilder::new().file("bin/testserver", 0o755, &fs::read(testserver()?)?)?.build()?;
    let image = Image { layers: vec![busybox_layer()?, own], ..Image::default() };
    archive(
        "testserver",
        &image
            .with("Entrypoint", json!(["/bin/testserver"]))
            .with("Cmd", json!(["http"]))
            .with("Env", json!(["PATH=/bin"])),
    )
}
