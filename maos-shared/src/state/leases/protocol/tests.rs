//! Every interleaving of the steps of two and three processes, each of which may
//! be killed before each of its steps, over a file system that is one place and
//! one lock.

use super::*;
use std::collections::BTreeSet;

/// Most steps that a process takes that is alone; more would mean that it runs
/// in circles.
const STEPS: usize = 10;

/// A process that takes the lease, uses it, releases it, and takes it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Process {
    doing: Doing,
    /// Times that it will still begin.
    rounds: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    Taking(Take),
    /// It was told "yes" and has not given the lease back.
    Using,
    /// It releases the lease: with the lock it reads, then puts its own away.
    Releasing {
        is_locked: bool,
        is_own: bool,
    },
    /// It was told that another holds the lease.
    Refused,
    Idle,
    Dead,
}

/// What is in the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Empty,
    /// A lease: whose, and whether its time is over.
    Lease {
        owner: usize,
        is_over: bool,
    },
    /// A folder that no owner's file is in.
    Garbage,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct World {
    place: Place,
    lock: Option<usize>,
    processes: Vec<Process>,
    /// How often the time of a lease may still end before it is given back.
    ends: u8,
}

/// How the steps are taken: as they are, or in a way that must be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Real,
    /// Nobody waits for the lock.
    WithoutLock,
    /// A placing replaces what is there.
    PlacingReplaces,
}

impl World {
    fn new(processes: usize, rounds: u8, place: Place, ends: u8) -> Self {
        let process = Process {
            doing: Doing::Taking(Take::new()),
            rounds,
        };
        Self {
            place,
            lock: None,
            processes: vec![process; processes],
            ends,
        }
    }

    fn is_dead(&self, process: usize) -> bool {
        // A number without a process was never one that runs.
        let known = self.processes.get(process);
        known.is_none_or(|known| known.doing == Doing::Dead)
    }

    /// Returns every world that can be next.
    fn next(&self, kind: Kind) -> Vec<Self> {
        let mut worlds = Vec::new();
        for at in 0..self.processes.len() {
            if self.processes[at].doing == Doing::Dead {
                continue;
            }
            worlds.extend(self.moved(at, kind));
            worlds.push(self.killed(at));
        }
        worlds.extend(self.time_over());
        worlds
    }

    fn killed(&self, at: usize) -> Self {
        let mut world = self.clone();
        world.processes[at].doing = Doing::Dead;
        world.lock = world.lock.filter(|holder| *holder != at);
        world
    }

    /// The time of the lease ends. Whoever had it does not use it any more: it
    /// reads the same clock.
    fn time_over(&self) -> Option<Self> {
        let Place::Lease {
            owner,
            is_over: false,
        } = self.place
        else {
            return None;
        };
        // A call takes less time than a lease lives.
        let doing = self.processes.get(owner).map(|process| process.doing);
        if matches!(doing, Some(Doing::Taking(take)) if take.step() == Step::Yes) {
            return None;
        }
        let mut world = self.clone();
        world.ends = self.ends.checked_sub(1)?;
        world.place = Place::Lease {
            owner,
            is_over: true,
        };
        if let Some(process) = world.processes.get_mut(owner)
            && process.doing == Doing::Using
        {
            process.doing = Doing::Idle;
        }
        Some(world)
    }

    /// The process takes one step; nothing when it has to wait for the lock, or
    /// has nothing to do.
    fn moved(&self, at: usize, kind: Kind) -> Option<Self> {
        let mut world = self.clone();
        let doing = match self.processes[at].doing {
            Doing::Taking(take) => world.take(at, take, kind)?,
            Doing::Using => Doing::Releasing {
                is_locked: false,
                is_own: false,
            },
            Doing::Releasing { is_locked, is_own } => world.release(at, is_locked, is_own, kind)?,
            Doing::Refused | Doing::Idle | Doing::Dead => {
                world.processes[at].rounds = self.processes[at].rounds.checked_sub(1)?;
                Doing::Taking(Take::new())
            }
        };
        world.processes[at].doing = doing;
        Some(world)
    }

    fn take(&mut self, at: usize, take: Take, kind: Kind) -> Option<Doing> {
        let own = Place::Lease {
            owner: at,
            is_over: false,
        };
        let seen = match take.step() {
            Step::Place if self.place == Place::Empty || kind == Kind::PlacingReplaces => {
                self.place = own;
                Seen::Placed
            }
            Step::Place => Seen::Occupied,
            Step::Lock => {
                self.lock(at, kind)?;
                Seen::Locked
            }
            Step::Read => match self.place {
                Place::Empty | Place::Garbage => Seen::Nobody,
                Place::Lease { owner, .. } if owner == at => Seen::Own,
                Place::Lease { owner, is_over } if is_over || self.is_dead(owner) => Seen::Dead,
                Place::Lease { .. } => Seen::Live,
            },
            Step::Renew => {
                // Its owner's file is written into the folder that is there.
                if self.place == Place::Empty {
                    return None;
                }
                self.place = own;
                Seen::Done
            }
            Step::PutAway => {
                self.place = Place::Empty;
                Seen::Done
            }
            Step::Yes => {
                self.unlock(at);
                return Some(Doing::Using);
            }
            Step::Held => {
                self.unlock(at);
                return Some(Doing::Refused);
            }
        };
        Some(Doing::Taking(take.saw(seen)))
    }

    fn release(&mut self, at: usize, is_locked: bool, is_own: bool, kind: Kind) -> Option<Doing> {
        match (is_locked, is_own) {
            (false, _) => {
                self.lock(at, kind)?;
                let (is_locked, is_own) = (true, false);
                Some(Doing::Releasing { is_locked, is_own })
            }
            (true, false) => {
                let is_own = matches!(self.place, Place::Lease { owner, .. } if owner == at);
                if is_own {
                    return Some(Doing::Releasing { is_locked, is_own });
                }
                self.unlock(at);
                Some(Doing::Idle)
            }
            (true, true) => {
                self.place = Place::Empty;
                self.unlock(at);
                Some(Doing::Idle)
            }
        }
    }

    fn lock(&mut self, at: usize, kind: Kind) -> Option<()> {
        if kind == Kind::WithoutLock {
            return Some(());
        }
        if self.lock.is_some() {
            return None;
        }
        self.lock = Some(at);
        Some(())
    }

    fn unlock(&mut self, at: usize) {
        self.lock = self.lock.filter(|holder| *holder != at);
    }

    /// What must hold in every world.
    fn check(&self) -> Result<(), String> {
        let uses = |process: &&Process| {
            matches!(process.doing, Doing::Using)
                || matches!(process.doing, Doing::Taking(take) if take.step() == Step::Yes)
        };
        if self.processes.iter().filter(uses).count() > 1 {
            return Err(format!("two owners: {self:?}"));
        }
        Ok(())
    }
}

/// Walks through every world that can come of the first; returns how many there
/// are, or what is wrong with one.
fn explore(first: World, kind: Kind) -> Result<usize, String> {
    let mut known = BTreeSet::new();
    let mut open = vec![first];
    while let Some(world) = open.pop() {
        if known.contains(&world) {
            continue;
        }
        world.check()?;
        open.extend(world.next(kind));
        known.insert(world);
    }
    Ok(known.len())
}

/// What can be in the place at first: nothing, a lease of a process that is
/// gone, one whose time is over, garbage.
fn beginnings() -> [Place; 4] {
    let gone = usize::MAX;
    [
        Place::Empty,
        Place::Lease {
            owner: gone,
            is_over: false,
        },
        Place::Lease {
            owner: 0,
            is_over: true,
        },
        Place::Garbage,
    ]
}

#[test]
fn two_processes_never_hold_it_both() {
    for place in beginnings() {
        let worlds = explore(World::new(2, 2, place, 1), Kind::Real).unwrap();
        assert!(worlds > 1_000, "{worlds} worlds of {place:?}");
    }
}

#[test]
fn nor_do_three() {
    for place in beginnings() {
        let worlds = explore(World::new(3, 0, place, 1), Kind::Real).unwrap();
        assert!(worlds > 1_000, "{worlds} worlds of {place:?}");
    }
}

#[test]
fn it_would_be_seen_if_they_did() {
    for kind in [Kind::WithoutLock, Kind::PlacingReplaces] {
        let found: Vec<_> = beginnings()
            .into_iter()
            .filter_map(|place| explore(World::new(2, 1, place, 1), kind).err())
            .collect();
        assert!(
            found.iter().any(|wrong| wrong.contains("two owners")),
            "{kind:?}"
        );
    }
}

#[test]
fn one_alone_always_gets_it() {
    for place in beginnings() {
        let mut world = World::new(1, 0, place, 0);
        let mut steps = 0;
        while world.processes[0].doing != Doing::Using {
            world = world.moved(0, Kind::Real).unwrap();
            steps += 1;
            assert!(steps <= STEPS, "{world:?}");
        }
    }
}
