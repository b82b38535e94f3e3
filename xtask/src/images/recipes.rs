//! What goes into each image.

use serde_json::{Value, json};

/// An image to make.
pub(crate) struct Recipe {
    /// Name and tag.
    pub(crate) name: &'static str,
    /// Debian packages, with the libraries that they depend on.
    pub(crate) packages: &'static [&'static str],
    /// Folders: path, mode, owner.
    pub(crate) folders: &'static [(&'static str, u32, u64)],
    /// Files: path, mode, text.
    pub(crate) files: &'static [(&'static str, u32, &'static str)],
    /// Our own server is in it.
    pub(crate) testserver: bool,
    /// The image's configuration.
    pub(crate) config: fn() -> Vec<(&'static str, Value)>,
}

/// What every image has: the C library, TLS, compression.
pub(crate) const BASE: &[&str] = &["libc6", "libssl3", "zlib1g", "libgcc-s1", "libcrypt1"];

pub(crate) const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
    www-data:x:33:33:www-data:/var/www:/bin/false\n\
    redis:x:999:999:redis:/var/lib/redis:/bin/false\n\
    postgres:x:70:70:postgres:/var/lib/postgresql:/bin/sh\n\
    nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
pub(crate) const GROUP: &str =
    "root:x:0:\nadm:x:4:\nwww-data:x:33:\nredis:x:999:\npostgres:x:70:\nnogroup:x:65534:\n";

/// Makes the database at the first start, then becomes the server.
const START_POSTGRES: &str = r#"#!/bin/sh
set -eu
bin=/usr/lib/postgresql/15/bin
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    printf '%s' "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}" >/tmp/password
    "$bin/initdb" --auth=scram-sha-256 --pwfile=/tmp/password --locale=C --encoding=UTF8 -D "$PGDATA"
    rm /tmp/password
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
fi
exec "$bin/postgres" -D "$PGDATA" -c listen_addresses='*' "$@"
"#;

fn guestbook(env: &[&str]) -> Vec<(&'static str, Value)> {
    vec![
        ("Entrypoint", json!(["/bin/testserver", "guestbook"])),
        ("User", json!("65534:65534")),
        ("Env", json!(env)),
        ("ExposedPorts", json!({ "8080/tcp": {} })),
    ]
}

pub(crate) const RECIPES: &[Recipe] = &[
    Recipe {
        name: "nginx:1.22",
        packages: &["nginx", "nginx-common"],
        folders: &[("var/log/nginx", 0o755, 33), ("var/lib/nginx", 0o755, 33), ("run", 0o755, 0)],
        files: &[(
            "etc/nginx/sites-enabled/default",
            0o644,
            "server { listen 80 default_server; root /var/www/html; }\n",
        )],
        testserver: false,
        config: || {
            vec![
                ("Entrypoint", json!(["/usr/sbin/nginx"])),
                ("Cmd", json!(["-g", "daemon off; error_log /dev/stderr info;"])),
                ("ExposedPorts", json!({ "80/tcp": {} })),
                ("StopSignal", json!("SIGQUIT")),
            ]
        },
    },
    Recipe {
        name: "redis:7.0",
        packages: &["redis-server", "redis-tools"],
        folders: &[("var/lib/redis", 0o755, 999)],
        files: &[],
        testserver: false,
        config: || {
            vec![
                ("Entrypoint", json!(["/usr/bin/redis-server"])),
                ("Cmd", json!(["--dir", "/var/lib/redis", "--protected-mode", "no"])),
                ("User", json!("redis")),
                ("WorkingDir", json!("/var/lib/redis")),
                ("ExposedPorts", json!({ "6379/tcp": {} })),
            ]
        },
    },
    Recipe {
        name: "postgres:15",
        packages: &["postgresql-15", "postgresql-client-15", "tzdata"],
        folders: &[
            ("var/lib/postgresql", 0o755, 70),
            ("var/lib/postgresql/data", 0o700, 70),
            ("var/run/postgresql", 0o2775, 70),
        ],
        files: &[("usr/local/bin/start-postgres", 0o755, START_POSTGRES)],
        testserver: false,
        config: || {
            vec![
                ("Entrypoint", json!(["/usr/local/bin/start-postgres"])),
                ("User", json!("postgres")),
                ("WorkingDir", json!("/var/lib/postgresql")),
                (
                    "Env",
                    json!([
                        "PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "PGDATA=/var/lib/postgresql/data"
                    ]),
                ),
                ("ExposedPorts", json!({ "5432/tcp": {} })),
                ("StopSignal", json!("SIGINT")),
            ]
        },
    },
    Recipe {
        name: "guestbook:1",
        packages: &[],
        folders: &[],
        files: &[],
        testserver: true,
        config: || guestbook(&["PATH=/bin"]),
    },
    Recipe {
        name: "guestbook:2",
        packages: &[],
        folders: &[],
        files: &[],
        testserver: true,
        config: || guestbook(&["PATH=/bin", "GUESTBOOK_TITLE=Guestbook, second edition"]),
    },
];
