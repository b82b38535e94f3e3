//! `io.k8s.apimachinery.pkg.version`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.apimachinery.pkg.version.Info`.
pub static INFO: Type = {
    static FIELDS: [Field; 13] = [
        field("major", 0, Shape::String, Always).required()
            .doc("Major is the major version of the binary version"),
        field("minor", 0, Shape::String, Always).required()
            .doc("Minor is the minor version of the binary version"),
        field("emulationMajor", 0, Shape::String, NonZero)
            .doc("EmulationMajor is the major version of the emulation version"),
        field("emulationMinor", 0, Shape::String, NonZero)
            .doc("EmulationMinor is the minor version of the emulation version"),
        field("minCompatibilityMajor", 0, Shape::String, NonZero)
            .doc("MinCompatibilityMajor is the major version of the minimum compatibility version"),
        field("minCompatibilityMinor", 0, Shape::String, NonZero)
            .doc("MinCompatibilityMinor is the minor version of the minimum compatibility version"),
        field("gitVersion", 0, Shape::String, Always).required(),
        field("gitCommit", 0, Shape::String, Always).required(),
        field("gitTreeState", 0, Shape::String, Always).required(),
        field("buildDate", 0, Shape::String, Always).required(),
        field("goVersion", 0, Shape::String, Always).required(),
        field("compiler", 0, Shape::String, Always).required(),
        field("platform", 0, Shape::String, Always).required(),
    ];
    static NAMES: [(Text, u16); 13] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.version.Info",
        "Info contains versioning information. how we'll want to distribute that information.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
