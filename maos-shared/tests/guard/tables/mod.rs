//! What the tests read: the tables of commands in `cases/`, and the corpora
//! beside the repository.

pub(crate) mod cases;
pub(crate) mod corpus;
