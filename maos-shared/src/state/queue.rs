//! What many leave for one job, which takes all of it when its turn has come.
//!
//! Why this is safe: a record appears whole, and none takes the place of another,
//! so that it does not matter in which order they come. It is taken by one rename,
//! so by one job only. A kill behind the rename loses that record, and nothing
//! else.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::agents::{list, read_json};
use super::atomic;
use super::layout::State;

impl State {
    /// Leaves a record in the queue at `place`, a path below the state's folder,
    /// until it is taken.
    ///
    /// # Errors
    /// What the system says.
    pub fn enqueue<T: Serialize>(&self, place: &Path, record: &T) -> io::Result<()> {
        let bytes = serde_json::to_vec(record)?;
        let folder = self.make(place)?;
        atomic::replace(&folder.join(format!("{}.json", atomic::unique())), &bytes)
    }

    /// Returns how many records wait in the queue at `place`. Lists a folder; one
    /// that cannot be listed holds none.
    #[must_use]
    pub fn queued(&self, place: &Path) -> usize {
        list(&self.root().join(place)).map_or(0, |records| records.len())
    }

    /// Takes every record in the queue at `place`, in no order. Damaged ones are
    /// gone afterwards as well. Lists a folder.
    ///
    /// # Errors
    /// What the system says about the folder.
    pub fn dequeue<T: DeserializeOwned>(&self, place: &Path) -> io::Result<Vec<T>> {
        let mut records = Vec::new();
        for path in list(&self.root().join(place))? {
            let taken = atomic::temporary_name(&path);
            match atomic::rename(&path, &taken) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            }
            let record = read_json(&taken);
            fs::remove_file(&taken)?;
            match record {
                Ok(record) => records.extend(record),
                Err(error) => log::warn!("{}: {error}", place.display()),
            }
        }
        Ok(records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[test]
    fn each_record_is_taken_once() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::at(dir.path().join(".maos"), SystemTime::UNIX_EPOCH);
        let place = Path::new("queue/a");
        let take = |place| {
            let mut taken: Vec<u8> = state.dequeue(Path::new(place)).unwrap();
            taken.sort_unstable();
            taken
        };
        assert_eq!((state.queued(place), take("queue/a")), (0, vec![]));
        for record in [1, 2, 2] {
            state.enqueue(place, &record).unwrap();
        }
        atomic::replace(&state.root().join(place).join("damaged.json"), b"x").unwrap();
        assert_eq!((state.queued(place), take("queue/b")), (4, vec![]));
        assert_eq!(take("queue/a"), [1, 2, 2]);
        assert_eq!((state.queued(place), take("queue/a")), (0, vec![]));
    }
}
