//! The streaming server of a runtime: exec, attach and port-forward over WebSocket (`v4.channel.k8s.io`,
//! `v5.channel.k8s.io`, and port-forward's) and SPDY/3.1.
