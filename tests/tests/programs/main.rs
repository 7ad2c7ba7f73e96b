//! The built programs, run as a shell or the client would run them.

mod audit;
mod calls;
mod contract;
mod crash;
mod doctor;
mod documents;
mod explain;
mod isolation;
mod json;
mod leaks;
mod leases;
mod merging;
mod parallel;
mod policy;
mod projects;
mod redaction;
mod replay;
mod reservations;
mod services;
mod status;
mod told;
mod tooling;
mod top;
mod work;
mod workspaces;
