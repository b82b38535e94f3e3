//! `io.k8s.api.events.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.events.v1.Event`.
pub static EVENT: Type = {
    static FIELDS: [Field; 17] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("eventTime", 2, Shape::MicroTime, Always).required()
            .doc("eventTime is the time when this Event was first observed. It is required."),
        field("series", 3, object(&EVENT_SERIES), Given)
            .doc("series is data about the Event series this event represents or nil if it's a singleton Event."),
        field("reportingController", 4, Shape::String, NonZero)
            .doc("reportingController is the name of the controller that emitted this Event, e.g. `kubernetes.io/kubelet`. This field cannot be empty for new Events."),
        field("reportingInstance", 5, Shape::String, NonZero)
            .doc("reportingInstance is the ID of the controller instance, e.g. `kubelet-xyzf`. This field cannot be empty for new Events and it can have at most 128 characters."),
        field("action", 6, Shape::String, NonZero)
            .doc("action is what action was taken/failed regarding to the regarding object. It is machine-readable. This field cannot be empty for new Events and it can have at most 128 characters."),
        field("reason", 7, Shape::String, NonZero)
            .doc("reason is why the action was taken. It is human-readable. This field cannot be empty for new Events and it can have at most 128 characters."),
        field("regarding", 8, object(&super::core_v1::OBJECT_REFERENCE), Always)
            .doc("regarding contains the object this Event is about. In most cases it's an Object reporting controller implements, e.g. ReplicaSetController implements ReplicaSets and this event is emitted because it acts on some changes in a ReplicaSet object."),
        field("related", 9, object(&super::core_v1::OBJECT_REFERENCE), Given)
            .doc("related is the optional secondary object for more complex actions. E.g. when regarding object triggers a creation or deletion of related object."),
        field("note", 10, Shape::String, NonZero)
            .doc("note is a human-readable description of the status of this operation. Maximal length of the note is 1kB, but libraries should be prepared to handle values up to 64kB."),
        field("type", 11, Shape::String, NonZero)
            .doc("type is the type of this event (Normal, Warning), new types could be added in the future. It is machine-readable. This field cannot be empty for new Events."),
        field("deprecatedSource", 12, object(&super::core_v1::EVENT_SOURCE), Always)
            .doc("deprecatedSource is the deprecated field assuring backward compatibility with core.v1 Event type."),
        field("deprecatedFirstTimestamp", 13, Shape::Time, Always)
            .doc("deprecatedFirstTimestamp is the deprecated field assuring backward compatibility with core.v1 Event type."),
        field("deprecatedLastTimestamp", 14, Shape::Time, Always)
            .doc("deprecatedLastTimestamp is the deprecated field assuring backward compatibility with core.v1 Event type."),
        field("deprecatedCount", 15, Shape::Int32, NonZero)
            .doc("deprecatedCount is the deprecated field assuring backward compatibility with core.v1 Event type."),
    ];
    static NAMES: [(Text, u16); 17] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("events.k8s.io", "v1", "Event"),
    ];
    ty(
        "io.k8s.api.events.v1.Event",
        "Event is a report of an event somewhere in the cluster. It generally denotes some state change in the system. Events have a limited retention time and triggers and messages may evolve with time.  Event consumers should not rely on the timing of an event with a given Reason reflecting a consistent underlying trigger, or the continued existence of events with that Reason.  Events should be treated as informative, best-effort, supplemental data.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.events.v1.EventList`.
pub static EVENT_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&EVENT))), Null).required()
            .doc("items is a list of schema objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("events.k8s.io", "v1", "EventList"),
    ];
    ty(
        "io.k8s.api.events.v1.EventList",
        "EventList is a list of Event objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.events.v1.EventSeries`.
pub static EVENT_SERIES: Type = {
    static FIELDS: [Field; 2] = [
        field("count", 1, Shape::Int32, Always).required()
            .doc("count is the number of occurrences in this series up to the last heartbeat time."),
        field("lastObservedTime", 2, Shape::MicroTime, Always).required()
            .doc("lastObservedTime is the time when last Event from the series was seen before last heartbeat."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.events.v1.EventSeries",
        "EventSeries contain information on series of events, i.e. thing that was/is happening continuously for some time. How often to update the EventSeries is up to the event reporters. The default event reporter in \"k8s.io/client-go/tools/events/event_broadcaster.go\" shows how this struct is updated on heartbeats and can guide customized reporter implementations.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
