//! A disk in memory that is killed before or after any of its operations, repeats one whose answer was lost, as NFS does, and forgets
//! what was not synced.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use efsctl_workspace::share::disk::{Disk, Entry, FileKind, Meta};

const ENOENT: i32 = 2;
const EEXIST: i32 = 17;
const ENOTDIR: i32 = 20;
const EISDIR: i32 = 21;
const ENOTEMPTY: i32 = 39;
const ENOSPC: i32 = 28;

#[derive(Clone)]
enum Node {
    File {
        data: Vec<u8>,
        safe: Vec<u8>,
    },
    Dir {
        entries: BTreeMap<OsString, u64>,
        safe: BTreeMap<OsString, u64>,
    },
}

#[derive(Clone)]
struct Inode {
    node: Node,
    mtime: i64,
    ctime: i64,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The process ends before the operation with this number.
    Before(u64),
    /// It ends after it.
    After(u64),
    /// The answer of it is lost, and the client repeats it.
    Lost(u64),
    /// The disk is full from it on.
    Full(u64),
}

#[derive(Clone)]
struct World {
    inodes: HashMap<u64, Inode>,
    next: u64,
    clock: i64,
    operations: u64,
    fault: Fault,
    is_dead: bool,
}

/// The disk. Clones are the same one; [`Sim::copy`] is another.
#[derive(Clone)]
pub struct Sim {
    world: Arc<Mutex<World>>,
    is_nfs: bool,
}

fn os(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

impl World {
    fn entries(&self, dir: u64) -> io::Result<&BTreeMap<OsString, u64>> {
        match self.inodes.get(&dir).map(|inode| &inode.node) {
            Some(Node::Dir { entries, .. }) => Ok(entries),
            Some(Node::File { .. }) => Err(os(ENOTDIR)),
            None => Err(os(ENOENT)),
        }
    }

    fn find(&self, dir: u64, name: &OsStr) -> io::Result<u64> {
        self.entries(dir)?
            .get(name)
            .copied()
            .ok_or_else(|| os(ENOENT))
    }

    fn edit(
        &mut self,
        dir: u64,
        change: impl FnOnce(&mut BTreeMap<OsString, u64>),
    ) -> io::Result<()> {
        let clock = self.clock;
        let inode = self.inodes.get_mut(&dir).ok_or_else(|| os(ENOENT))?;
        (inode.mtime, inode.ctime) = (clock, clock);
        match &mut inode.node {
            Node::Dir { entries, .. } => {
                change(entries);
                Ok(())
            }
            Node::File { .. } => Err(os(ENOTDIR)),
        }
    }

    fn add(&mut self, node: Node) -> u64 {
        self.next += 1;
        let clock = self.clock;
        self.inodes.insert(
            self.next,
            Inode {
                node,
                mtime: clock,
                ctime: clock,
            },
        );
        self.next
    }

    fn is_dir(&self, inode: u64) -> bool {
        matches!(self.inodes[&inode].node, Node::Dir { .. })
    }

    fn meta(&self, number: u64) -> Meta {
        let inode = &self.inodes[&number];
        let (kind, size) = match &inode.node {
            Node::File { data, .. } => (FileKind::File, data.len() as u64),
            Node::Dir { .. } => (FileKind::Directory, 0),
        };
        Meta {
            device: 1,
            inode: number,
            kind,
            size,
            mtime: inode.mtime,
            ctime: inode.ctime,
            uid: 0,
            gid: 0,
        }
    }
}

impl Sim {
    /// An empty disk with a base directory.
    pub fn new(is_nfs: bool) -> Self {
        let root = Inode {
            node: Node::Dir {
                entries: BTreeMap::new(),
                safe: BTreeMap::new(),
            },
            mtime: 0,
            ctime: 0,
        };
        let world = World {
            inodes: HashMap::from([(1, root)]),
            next: 1,
            clock: 1_700_000_000_000_000_000,
            operations: 0,
            fault: Fault::None,
            is_dead: false,
        };
        Self {
            world: Arc::new(Mutex::new(world)),
            is_nfs,
        }
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Another disk with the same content.
    pub fn copy(&self) -> Self {
        Self {
            world: Arc::new(Mutex::new(self.lock().clone())),
            is_nfs: self.is_nfs,
        }
    }

    /// From here on this goes wrong; operations are counted from zero.
    pub fn fail(&self, fault: Fault) {
        let mut world = self.lock();
        (world.operations, world.fault, world.is_dead) = (0, fault, false);
    }

    /// How many operations there were.
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// Time passes.
    pub fn pass(&self, seconds: i64) {
        self.lock().clock += seconds * 1_000_000_000;
    }

    /// The power fails: what was not synced is forgotten.
    pub fn forget(&self) {
        for inode in self.lock().inodes.values_mut() {
            match &mut inode.node {
                Node::File { data, safe } => data.clone_from(safe),
                Node::Dir { entries, safe } => entries.clone_from(safe),
            }
        }
    }

    /// Whether a directory of efsctl is empty.
    pub fn names(&self, path: &str) -> Vec<OsString> {
        let world = self.lock();
        let dir = path
            .split('/')
            .try_fold(1, |dir, name| world.find(dir, name.as_ref()))
            .unwrap();
        world.entries(dir).unwrap().keys().cloned().collect()
    }

    /// Runs an operation, with what goes wrong.
    fn operation<T>(
        &self,
        repeats: bool,
        writes: bool,
        run: impl Fn(&mut World) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut world = self.lock();
        let dead = || io::Error::other("the process was killed");
        if world.is_dead {
            return Err(dead());
        }
        world.operations += 1;
        world.clock += 1_000;
        let number = world.operations;
        match world.fault {
            Fault::Before(at) if at == number => {
                world.is_dead = true;
                Err(dead())
            }
            Fault::After(at) if at == number => {
                let _ = run(&mut world);
                world.is_dead = true;
                Err(dead())
            }
            Fault::Lost(at) if at == number && repeats => {
                let _ = run(&mut world);
                run(&mut world)
            }
            Fault::Full(at) if number >= at && writes => Err(os(ENOSPC)),
            _ => run(&mut world),
        }
    }

    fn read<T>(&self, run: impl Fn(&mut World) -> io::Result<T>) -> io::Result<T> {
        self.operation(false, false, run)
    }
}

impl Disk for Sim {
    type Dir = u64;
    type File = u64;

    fn base(&self, _: &Path) -> io::Result<u64> {
        self.read(|_| Ok(1))
    }

    fn stat_base(&self, _: &Path) -> io::Result<Meta> {
        self.read(|world| Ok(world.meta(1)))
    }

    fn dir(&self, at: &u64, path: &str) -> io::Result<u64> {
        self.read(|world| {
            let found = path
                .split('/')
                .try_fold(*at, |dir, name| world.find(dir, name.as_ref()))?;
            if world.is_dir(found) {
                Ok(found)
            } else {
                Err(os(ENOTDIR))
            }
        })
    }

    fn child(&self, at: &u64, name: &OsStr) -> io::Result<u64> {
        self.read(|world| {
            let found = world.find(*at, name)?;
            if world.is_dir(found) {
                Ok(found)
            } else {
                Err(os(ENOTDIR))
            }
        })
    }

    fn open(&self, at: &u64, path: &str) -> io::Result<u64> {
        self.read(|world| {
            path.split('/')
                .try_fold(*at, |dir, name| world.find(dir, name.as_ref()))
        })
    }

    fn create(&self, at: &u64, name: &str) -> io::Result<u64> {
        // An exclusive create is recognised by the server when it is repeated.
        self.operation(false, true, |world| {
            if world.find(*at, name.as_ref()).is_ok() {
                return Err(os(EEXIST));
            }
            let file = world.add(Node::File {
                data: Vec::new(),
                safe: Vec::new(),
            });
            world.edit(*at, |entries| {
                entries.insert(name.into(), file);
            })?;
            Ok(file)
        })
    }

    fn lock_file(&self, at: &u64, name: &str) -> io::Result<u64> {
        let known = self.read(|world| Ok(world.find(*at, name.as_ref()).ok()))?;
        known.map_or_else(|| self.create(at, name), Ok)
    }

    fn try_lock(&self, _: &u64) -> io::Result<bool> {
        self.read(|_| Ok(true))
    }

    fn stat(&self, file: &u64) -> io::Result<Meta> {
        self.read(|world| Ok(world.meta(*file)))
    }

    fn stat_dir(&self, dir: &u64) -> io::Result<Meta> {
        self.read(|world| Ok(world.meta(*dir)))
    }

    fn stat_at(&self, at: &u64, name: &OsStr) -> io::Result<Meta> {
        self.read(|world| Ok(world.meta(world.find(*at, name)?)))
    }

    fn list(&self, dir: &u64) -> io::Result<Vec<Entry>> {
        self.read(|world| {
            let entries = world.entries(*dir)?.iter();
            Ok(entries
                .map(|(name, inode)| Entry {
                    name: name.clone(),
                    kind: Some(world.meta(*inode).kind),
                })
                .collect())
        })
    }

    fn read_at(&self, file: &u64, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let data = self.read(|world| match &world.inodes[file].node {
            Node::File { data, .. } => Ok(data.clone()),
            Node::Dir { .. } => Err(os(EISDIR)),
        })?;
        let rest = data
            .get(usize::try_from(offset).unwrap()..)
            .unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn write_at(&self, file: &u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.operation(false, true, |world| {
            let clock = world.clock;
            let inode = world.inodes.get_mut(file).unwrap();
            (inode.mtime, inode.ctime) = (clock, clock);
            let Node::File { data, .. } = &mut inode.node else {
                return Err(os(EISDIR));
            };
            let (from, to) = (
                usize::try_from(offset).unwrap(),
                usize::try_from(offset).unwrap() + bytes.len(),
            );
            if data.len() < to {
                data.resize(to, 0);
            }
            data[from..to].copy_from_slice(bytes);
            Ok(())
        })
    }

    fn sync(&self, file: &u64) -> io::Result<()> {
        self.read(|world| {
            if let Node::File { data, safe } = &mut world.inodes.get_mut(file).unwrap().node {
                safe.clone_from(data);
            }
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &u64) -> io::Result<()> {
        self.read(|world| {
            if let Node::Dir { entries, safe } = &mut world.inodes.get_mut(dir).unwrap().node {
                safe.clone_from(entries);
            }
            Ok(())
        })
    }

    fn mkdir(&self, at: &u64, name: &str) -> io::Result<()> {
        self.operation(true, true, |world| {
            if world.find(*at, name.as_ref()).is_ok() {
                return Err(os(EEXIST));
            }
            let dir = world.add(Node::Dir {
                entries: BTreeMap::new(),
                safe: BTreeMap::new(),
            });
            world.edit(*at, |entries| {
                entries.insert(name.into(), dir);
            })
        })
    }

    fn rename(&self, from: &u64, old: &OsStr, to: &u64, new: &OsStr) -> io::Result<()> {
        self.operation(true, false, |world| {
            let moved = world.find(*from, old)?;
            if let Ok(there) = world.find(*to, new) {
                match (world.is_dir(moved), world.is_dir(there)) {
                    (true, true) if !world.entries(there)?.is_empty() => return Err(os(ENOTEMPTY)),
                    (true, false) => return Err(os(ENOTDIR)),
                    (false, true) => return Err(os(EISDIR)),
                    _ => {}
                }
            }
            world.edit(*from, |entries| {
                entries.remove(old);
            })?;
            world.edit(*to, |entries| {
                entries.insert(new.into(), moved);
            })?;
            let clock = world.clock;
            world.inodes.get_mut(&moved).unwrap().ctime = clock;
            Ok(())
        })
    }

    fn link(&self, from: &u64, old: &str, to: &u64, new: &str) -> io::Result<()> {
        self.operation(true, true, |world| {
            let file = world.find(*from, old.as_ref())?;
            if world.find(*to, new.as_ref()).is_ok() {
                return Err(os(EEXIST));
            }
            world.edit(*to, |entries| {
                entries.insert(new.into(), file);
            })
        })
    }

    fn unlink(&self, at: &u64, name: &OsStr) -> io::Result<()> {
        self.operation(true, false, |world| {
            if world.is_dir(world.find(*at, name)?) {
                return Err(os(EISDIR));
            }
            world.edit(*at, |entries| {
                entries.remove(name);
            })
        })
    }

    fn rmdir(&self, at: &u64, name: &OsStr) -> io::Result<()> {
        self.operation(true, false, |world| {
            if !world.entries(world.find(*at, name)?)?.is_empty() {
                return Err(os(ENOTEMPTY));
            }
            world.edit(*at, |entries| {
                entries.remove(name);
            })
        })
    }

    fn touch(&self, at: &u64, name: &str) -> io::Result<()> {
        let file = self.lock_file(at, name)?;
        self.operation(false, false, |world| {
            let clock = world.clock;
            let inode = world.inodes.get_mut(&file).unwrap();
            (inode.mtime, inode.ctime) = (clock, clock);
            Ok(())
        })
    }

    fn give(&self, _: &u64, _: &Meta) -> io::Result<()> {
        Ok(())
    }

    fn give_dir(&self, _: &u64, _: &Meta) -> io::Result<()> {
        Ok(())
    }

    fn is_nfs(&self, _: &u64) -> io::Result<bool> {
        Ok(self.is_nfs)
    }
}
