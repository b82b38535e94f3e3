//! `io.k8s.api.authentication.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.authentication.v1.BoundObjectReference`.
pub static BOUND_OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 4] = [
        field("kind", 1, Shape::String, NonZero)
            .doc("Kind of the referent. Valid kinds are 'Pod' and 'Secret'."),
        field("apiVersion", 2, Shape::String, NonZero)
            .doc("API version of the referent."),
        field("name", 3, Shape::String, NonZero)
            .doc("Name of the referent."),
        field("uid", 4, Shape::String, NonZero)
            .doc("UID of the referent."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.BoundObjectReference",
        "BoundObjectReference is a reference to an object that a token is bound to.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.SelfSubjectReview`.
pub static SELF_SUBJECT_REVIEW: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("status", 2, object(&SELF_SUBJECT_REVIEW_STATUS), Always)
            .doc("Status is filled in by the server with the user attributes."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authentication.k8s.io", "v1", "SelfSubjectReview"),
    ];
    ty(
        "io.k8s.api.authentication.v1.SelfSubjectReview",
        "SelfSubjectReview contains the user information that the kube-apiserver has about the user making this request. When using impersonation, users will receive the user info of the user being impersonated.  If impersonation or request header authentication is used, any extra keys will have their case ignored and returned as lowercase.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.SelfSubjectReviewStatus`.
pub static SELF_SUBJECT_REVIEW_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("userInfo", 1, object(&USER_INFO), Always)
            .doc("User attributes of the user making this request."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.SelfSubjectReviewStatus",
        "SelfSubjectReviewStatus is filled by the kube-apiserver and sent back to a user.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.TokenRequest`.
pub static TOKEN_REQUEST: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&TOKEN_REQUEST_SPEC), Always).required()
            .doc("Spec holds information about the request being evaluated"),
        field("status", 3, object(&TOKEN_REQUEST_STATUS), Always)
            .doc("Status is filled in by the server and indicates whether the token can be authenticated."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authentication.k8s.io", "v1", "TokenRequest"),
    ];
    ty(
        "io.k8s.api.authentication.v1.TokenRequest",
        "TokenRequest requests a token for a given service account.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.TokenRequestSpec`.
pub static TOKEN_REQUEST_SPEC: Type = {
    static FIELDS: [Field; 3] = [
        field("audiences", 1, list(&Shape::String), Null).required()
            .doc("Audiences are the intendend audiences of the token. A recipient of a token must identify themself with an identifier in the list of audiences of the token, and otherwise should reject the token. A token issued for multiple audiences may be used to authenticate against any of the audiences listed but implies a high degree of trust between the target audiences."),
        field("expirationSeconds", 4, Shape::Int64, Null)
            .doc("ExpirationSeconds is the requested duration of validity of the request. The token issuer may return a token with a different validity duration so a client needs to check the 'expiration' field in a response."),
        field("boundObjectRef", 3, object(&BOUND_OBJECT_REFERENCE), Null)
            .doc("BoundObjectRef is a reference to an object that the token will be bound to. The token will only be valid for as long as the bound object exists. NOTE: The API server's TokenReview endpoint will validate the BoundObjectRef, but other audiences may not. Keep ExpirationSeconds small if you want prompt revocation."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.TokenRequestSpec",
        "TokenRequestSpec contains client provided parameters of a token request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.TokenRequestStatus`.
pub static TOKEN_REQUEST_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("token", 1, Shape::String, Always).required()
            .doc("Token is the opaque bearer token."),
        field("expirationTimestamp", 2, Shape::Time, Always).required()
            .doc("ExpirationTimestamp is the time of expiration of the returned token."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.TokenRequestStatus",
        "TokenRequestStatus is the result of a token request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.TokenReview`.
pub static TOKEN_REVIEW: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&TOKEN_REVIEW_SPEC), Always).required()
            .doc("Spec holds information about the request being evaluated"),
        field("status", 3, object(&TOKEN_REVIEW_STATUS), Always)
            .doc("Status is filled in by the server and indicates whether the request can be authenticated."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authentication.k8s.io", "v1", "TokenReview"),
    ];
    ty(
        "io.k8s.api.authentication.v1.TokenReview",
        "TokenReview attempts to authenticate a token to a known user. Note: TokenReview requests may be cached by the webhook token authenticator plugin in the kube-apiserver.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.TokenReviewSpec`.
pub static TOKEN_REVIEW_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("token", 1, Shape::String, NonZero)
            .doc("Token is the opaque bearer token."),
        field("audiences", 2, list(&Shape::String), NonZero)
            .doc("Audiences is a list of the identifiers that the resource server presented with the token identifies as. Audience-aware token authenticators will verify that the token was intended for at least one of the audiences in this list. If no audiences are provided, the audience will default to the audience of the Kubernetes apiserver."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.TokenReviewSpec",
        "TokenReviewSpec is a description of the token authentication request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.TokenReviewStatus`.
pub static TOKEN_REVIEW_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("authenticated", 1, Shape::Bool, NonZero)
            .doc("Authenticated indicates that the token was associated with a known user."),
        field("user", 2, object(&USER_INFO), Always)
            .doc("User is the UserInfo associated with the provided token."),
        field("audiences", 4, list(&Shape::String), NonZero)
            .doc("Audiences are audience identifiers chosen by the authenticator that are compatible with both the TokenReview and token. An identifier is any identifier in the intersection of the TokenReviewSpec audiences and the token's audiences. A client of the TokenReview API that sets the spec.audiences field should validate that a compatible audience identifier is returned in the status.audiences field to ensure that the TokenReview server is audience aware. If a TokenReview returns an empty status.audience field where status.authenticated is \"true\", the token is valid against the audience of the Kubernetes API server."),
        field("error", 3, Shape::String, NonZero)
            .doc("Error indicates that the token couldn't be checked"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.TokenReviewStatus",
        "TokenReviewStatus is the result of the token authentication request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authentication.v1.UserInfo`.
pub static USER_INFO: Type = {
    static FIELDS: [Field; 4] = [
        field("username", 1, Shape::String, NonZero)
            .doc("The name that uniquely identifies this user among all active users."),
        field("uid", 2, Shape::String, NonZero)
            .doc("A unique value that identifies this user across time. If this user is deleted and another user by the same name is added, they will have different UIDs."),
        field("groups", 3, list(&Shape::String), NonZero)
            .doc("The names of groups this user is a part of."),
        field("extra", 4, map(&Shape::List(Element::Static(&Shape::String))), NonZero).form(WireForm::Items)
            .doc("Any additional information provided by the authenticator."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authentication.v1.UserInfo",
        "UserInfo holds the information about the user needed to implement the user.Info interface.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
