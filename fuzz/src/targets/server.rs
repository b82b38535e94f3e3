//! What the API server reads of a request besides its body.

use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "request_path",
        corpus: || {
            seeds::of(&[
                "/api/v1/namespaces/a/pods/b/log?follow=true",
                "/apis/apps/v1/watch/namespaces/a/deployments/b",
                "/api/v1/namespaces/a/pods/b:8080/proxy/c%2Fd",
                "/api/v1/namespaces/a/finalize",
            ])
        },
        words: &[
            "/",
            "//",
            "%2f",
            "%00",
            "..",
            "namespaces",
            "watch",
            "proxy",
            "?",
            "&fieldSelector=metadata.name=a",
        ],
        run: mizzen_apiserver::fuzz::request_path,
    },
    Target {
        name: "list_query",
        corpus: || {
            seeds::of(&[
                "limit=5&continue=abc&resourceVersion=7&resourceVersionMatch=Exact",
                "watch=1&timeoutSeconds=9&sendInitialEvents=true&allowWatchBookmarks=1",
                "dryRun=All&fieldManager=a&fieldValidation=Strict&force=true",
            ])
        },
        words: &["&", "=", "%", "+", "limit=", "resourceVersion=", "dryRun=", "fieldManager="],
        run: mizzen_apiserver::fuzz::list_query,
    },
    Target {
        name: "continue_token",
        corpus: || seeds::of(&["eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NSwic3RhcnQiOiJhXHUwMDAwIn0"]),
        words: &["=", "_", "-", "e30"],
        run: mizzen_apiserver::fuzz::continue_token,
    },
    Target {
        name: "accept",
        corpus: || {
            seeds::of(&[
                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;q=0.5, */*",
                "application/vnd.kubernetes.protobuf;stream=watch;pretty=1",
            ])
        },
        words: &[";", ",", "q=", "as=", "*/*", "application/", "\"", "nan", "inf"],
        run: mizzen_apiserver::fuzz::accept,
    },
];
