//! What no compiler sees: documents that name tests which are gone, files nobody includes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mizzen_testkit::root;

/// Documents whose back-quoted names, in a table's last column, are tests.
const DOCUMENTS: &[&str] = &["docs/SPECIFICATION.md", "docs/STATUS.md"];

/// Checks all of it.
pub(crate) fn run() -> Result<()> {
    let known = test_names()?;
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).with_context(|| (*document).to_owned())?;
        let gone: Vec<String> = named_tests(&text).into_iter().filter(|name| !known.contains(name)).collect();
        ensure!(gone.is_empty(), "{document} names tests that are not there: {gone:?}");
    }
    for file in rust_files(&root().join("tests"))? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let main = fs::read_to_string(root().join("tests/main.rs"))?;
        ensure!(
            name == "main" || main.contains(&format!("mod {name};")),
            "tests/{name}.rs is in no test binary"
        );
    }
    println!("documents and tests agree");
    Ok(())
}

/// Names like `group_what_is_promised` in back quotes.
fn named_tests(text: &str) -> BTreeSet<String> {
    let rows = text
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(|line| line.trim_matches('|').rsplit('|').next());
    let quoted = rows.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    quoted
        .filter(|name| name.contains('_') && !name.contains([' ', '/', '.']))
        .map(ToOwned::to_owned)
        .collect()
}

/// The names of system tests, and of test functions anywhere.
fn test_names() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for folder in ["tests", "crates", "fuzz"] {
        for file in rust_files(&root().join(folder))? {
            let text = fs::read_to_string(&file)?;
            names.extend(
                text.split('"').skip(1).step_by(2).filter(|word| word.contains('_')).map(ToOwned::to_owned),
            );
            let functions = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            names.extend(functions.map(ToOwned::to_owned));
        }
    }
    Ok(names)
}

fn rust_files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}
