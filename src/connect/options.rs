//! What the options of an NFS mount do to its clients, where EFS asks for others (EFS user guide, "Recommended NFS mount settings" and
//! "Unsupported NFSv4.0 and 4.1 features"; nfs(5)).

/// An option that a mount should not have, or lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The option: `soft`, `rsize=32768`, `no noresvport`.
    pub option: String,
    /// What comes of it.
    pub why: &'static str,
    /// How much.
    pub harm: Harm,
}

/// What an option costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// Data, locks, or a mount that hangs.
    Serious,
    /// Time.
    Slow,
}

/// The [`Fault::option`] of a mount that lacks `noresvport`.
pub const NO_NORESVPORT: &str = "no noresvport";

/// What is wrong with the options of a mount of type `nfs4` as the kernel shows them, in the order of the table.
#[must_use]
pub fn faults(options: &[String]) -> Vec<Fault> {
    ROWS.iter()
        .filter_map(|row| {
            let option = (row.found)(&Options(options))?;
            Some(Fault {
                option,
                why: row.why,
                harm: row.harm,
            })
        })
        .collect()
}

struct Row {
    /// The option, where it is so.
    found: fn(&Options) -> Option<String>,
    harm: Harm,
    why: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        found: |all| all.any(&["soft", "softerr"]),
        harm: Harm::Serious,
        why: "a write that is not answered in time is lost; mount with hard",
    },
    Row {
        found: |all| all.lacks("noresvport"),
        harm: Harm::Serious,
        why: "after a lost connection the mount can hang; mount with noresvport",
    },
    Row {
        found: |all| all.unless(&["vers", "nfsvers"], |version| version == "4.1"),
        harm: Harm::Serious,
        why: "EFS recommends NFS 4.1; mount with nfsvers=4.1",
    },
    Row {
        found: |all| all.unless(&["local_lock"], |which| which == "none"),
        harm: Harm::Serious,
        why: "other hosts do not see its locks; mount without nolock and local_lock",
    },
    Row {
        found: |all| all.unless(&["nconnect"], |count| count == "1"),
        harm: Harm::Serious,
        why: "EFS does not support several connections for a mount; mount without nconnect",
    },
    Row {
        found: |all| all.below("timeo", 150),
        harm: Harm::Serious,
        why: "requests that take longer are sent again; mount with timeo=600",
    },
    Row {
        found: |all| all.below("rsize", 1 << 20),
        harm: Harm::Slow,
        why: "more requests for each read; mount with rsize=1048576",
    },
    Row {
        found: |all| all.below("wsize", 1 << 20),
        harm: Harm::Slow,
        why: "more requests for each write; mount with wsize=1048576",
    },
    Row {
        found: |all| all.any(&["sync"]),
        harm: Harm::Slow,
        why: "every write waits for the server; mount without sync",
    },
    Row {
        found: |all| all.any(&["noac"]).or_else(|| all.no_cache()),
        harm: Harm::Slow,
        why: "attributes are asked for at each use; mount without noac and actimeo=0",
    },
    Row {
        found: |all| all.value_is("lookupcache", "none"),
        harm: Harm::Slow,
        why: "each name is looked up at each use; mount without lookupcache=none",
    },
];

struct Options<'o>(&'o [String]);

impl Options<'_> {
    fn any(&self, names: &[&str]) -> Option<String> {
        self.0
            .iter()
            .find(|own| names.contains(&own.as_str()))
            .cloned()
    }

    fn lacks(&self, name: &str) -> Option<String> {
        self.any(&[name]).is_none().then(|| format!("no {name}"))
    }

    /// The last option of one of these names, with its value.
    fn last(&self, names: &[&str]) -> Option<(&String, &str)> {
        self.0.iter().rev().find_map(|own| {
            let (name, value) = own.split_once('=')?;
            names.contains(&name).then_some((own, value))
        })
    }

    /// The option, where it has a value that is not well.
    fn unless(&self, names: &[&str], is_well: fn(&str) -> bool) -> Option<String> {
        let (own, value) = self.last(names)?;
        (!is_well(value)).then(|| own.clone())
    }

    fn below(&self, name: &str, least: u64) -> Option<String> {
        let (own, value) = self.last(&[name])?;
        let value: u64 = value.parse().ok()?;
        (value < least).then(|| own.clone())
    }

    fn value_is(&self, name: &str, bad: &str) -> Option<String> {
        let (own, value) = self.last(&[name])?;
        (value == bad).then(|| own.clone())
    }

    /// `actimeo=0` is shown as four times, each of which is left out where it is as usual.
    fn no_cache(&self) -> Option<String> {
        let zero = |name| self.value_is(name, "0");
        zero("actimeo").or_else(|| zero("acregmax").and(zero("acdirmax")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: &str = "rw,relatime,vers=4.1,rsize=1048576,wsize=1048576,namlen=255,hard,noresvport,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=10.0.1.9,local_lock=none,addr=10.0.1.5";

    fn of(options: &str) -> Vec<(String, Harm)> {
        let options: Vec<String> = options.split(',').map(str::to_owned).collect();
        let found = faults(&options).into_iter();
        found.map(|one| (one.option, one.harm)).collect()
    }

    #[test]
    fn each_option_that_hurts_is_found_alone() {
        assert_eq!(of(WELL), []);
        let rows = [
            ("hard", "soft", "soft", Harm::Serious),
            ("hard", "softerr", "softerr", Harm::Serious),
            ("noresvport,", "", "no noresvport", Harm::Serious),
            ("vers=4.1", "vers=4.0", "vers=4.0", Harm::Serious),
            ("vers=4.1", "vers=3", "vers=3", Harm::Serious),
            (
                "local_lock=none",
                "local_lock=all",
                "local_lock=all",
                Harm::Serious,
            ),
            ("hard", "hard,nconnect=4", "nconnect=4", Harm::Serious),
            ("timeo=600", "timeo=10", "timeo=10", Harm::Serious),
            ("rsize=1048576", "rsize=65536", "rsize=65536", Harm::Slow),
            ("wsize=1048576", "wsize=65536", "wsize=65536", Harm::Slow),
            ("rw", "rw,sync", "sync", Harm::Slow),
            ("rw", "rw,noac", "noac", Harm::Slow),
            (
                "rw",
                "rw,acregmin=0,acregmax=0,acdirmin=0,acdirmax=0",
                "acdirmax=0",
                Harm::Slow,
            ),
            ("rw", "rw,lookupcache=none", "lookupcache=none", Harm::Slow),
        ];
        for (well, other, option, harm) in rows {
            let changed = WELL.replacen(well, other, 1);
            assert_ne!(changed, WELL, "{well}");
            assert_eq!(of(&changed), [(option.to_owned(), harm)], "{other}");
        }
    }

    #[test]
    fn what_is_as_usual_is_not_reported() {
        for option in ["nconnect=1", "acregmin=0", "lookupcache=pos", "timeo=150"] {
            let text = WELL.replace("timeo=600", option);
            assert_eq!(of(&text), [], "{option}");
        }
    }
}
