//! Every interleaving of the steps of two and three processes, each of which may
//! be killed before each of its steps, over a file system that is one place and
//! one lock, while the clock runs past the end of leases and is set back.

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
    /// It looks whether it has renewed its own lease a moment ago, before it
    /// takes it.
    Glancing,
    /// It was told that another holds the lease.
    Refused,
    Idle,
    Dead,
}

/// What is in the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Empty,
    /// A lease: whose, and whether it still counts.
    Lease {
        owner: usize,
        end: End,
    },
    /// A folder that no owner's file is in.
    Garbage,
}

/// What has ended a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// Nothing yet.
    Not,
    /// Its time, by the clock as it is now.
    Over,
    /// Its mark is gone.
    Released,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct World {
    place: Place,
    lock: Option<usize>,
    processes: Vec<Process>,
    /// How often the clock may still run past the end of a lease, or be set back
    /// before that.
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
    /// A glance does not share the lock.
    GlanceWithoutLock,
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
        worlds.extend(self.clock_set_back());
        worlds
    }

    fn killed(&self, at: usize) -> Self {
        let mut world = self.clone();
        world.processes[at].doing = Doing::Dead;
        world.lock = world.lock.filter(|holder| *holder != at);
        world
    }

    /// The clock runs past the end of the lease. Whoever had it does not use it
    /// any more: it reads the same clock.
    fn time_over(&self) -> Option<Self> {
        let Place::Lease {
            owner,
            end: End::Not,
        } = self.place
        else {
            return None;
        };
        // A call takes less time than a lease lives.
        let doing = self.processes.get(owner).map(|process| process.doing);
        if matches!(doing, Some(Doing::Taking(take)) if take.step() == Step::Yes) {
            return None;
        }
        let mut world = self.ended(owner, End::Over);
        world.ends = self.ends.checked_sub(1)?;
        Some(world)
    }

    /// The clock is set back before the end of the lease.
    fn clock_set_back(&self) -> Option<Self> {
        let Place::Lease {
            owner,
            end: End::Over,
        } = self.place
        else {
            return None;
        };
        let mut world = self.ended(owner, End::Not);
        world.ends = self.ends.checked_sub(1)?;
        Some(world)
    }

    /// The lease in the place has another end; who used it does not any more.
    fn ended(&self, owner: usize, end: End) -> Self {
        let mut world = self.clone();
        world.place = Place::Lease { owner, end };
        if let Some(process) = world.processes.get_mut(owner)
            && process.doing == Doing::Using
        {
            process.doing = Doing::Idle;
        }
        world
    }

    /// The process takes one step; nothing when it has to wait for the lock, or
    /// has nothing to do.
    fn moved(&self, at: usize, kind: Kind) -> Option<Self> {
        let mut world = self.clone();
        let doing = match self.processes[at].doing {
            Doing::Taking(take) => world.take(at, take, kind)?,
            Doing::Using => {
                world.release(at);
                Doing::Idle
            }
            Doing::Glancing => self.glanced(at, kind),
            Doing::Refused | Doing::Idle | Doing::Dead => {
                world.processes[at].rounds = self.processes[at].rounds.checked_sub(1)?;
                Doing::Glancing
            }
        };
        world.processes[at].doing = doing;
        Some(world)
    }

    /// What follows a glance: it takes the lock for a moment, or does not get it.
    fn glanced(&self, at: usize, kind: Kind) -> Doing {
        let is_own = self.place
            == Place::Lease {
                owner: at,
                end: End::Not,
            };
        let may_look = self.lock.is_none() || kind == Kind::GlanceWithoutLock;
        match is_own && may_look {
            true => Doing::Using,
            false => Doing::Taking(Take::new()),
        }
    }

    fn take(&mut self, at: usize, take: Take, kind: Kind) -> Option<Doing> {
        let own = Place::Lease {
            owner: at,
            end: End::Not,
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
                Place::Lease {
                    end: End::Released, ..
                } => Seen::Dead,
                Place::Lease { owner, .. } if owner == at => Seen::Own,
                Place::Lease { owner, end } if end == End::Over || self.is_dead(owner) => {
                    Seen::Dead
                }
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

    /// The mark of the process's lease goes.
    fn release(&mut self, at: usize) {
        if let Place::Lease { owner, end } = &mut self.place
            && *owner == at
        {
            *end = End::Released;
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
/// gone, one whose time is over, one that was released, garbage.
fn beginnings() -> [Place; 5] {
    let gone = usize::MAX;
    [
        Place::Empty,
        Place::Lease {
            owner: gone,
            end: End::Not,
        },
        Place::Lease {
            owner: 0,
            end: End::Over,
        },
        Place::Lease {
            owner: 0,
            end: End::Released,
        },
        Place::Garbage,
    ]
}

#[test]
fn two_processes_never_hold_it_both() {
    for place in beginnings() {
        let worlds = explore(World::new(2, 2, place, 2), Kind::Real).unwrap();
        assert!(worlds > 1_000, "{worlds} worlds of {place:?}");
    }
}

#[test]
fn nor_do_three() {
    for place in beginnings() {
        let worlds = explore(World::new(3, 1, place, 1), Kind::Real).unwrap();
        assert!(worlds > 1_000, "{worlds} worlds of {place:?}");
    }
}

#[test]
fn it_would_be_seen_if_they_did() {
    let kinds = [
        Kind::WithoutLock,
        Kind::PlacingReplaces,
        Kind::GlanceWithoutLock,
    ];
    for kind in kinds {
        let found: Vec<_> = beginnings()
            .into_iter()
            .filter_map(|place| explore(World::new(2, 1, place, 2), kind).err())
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
