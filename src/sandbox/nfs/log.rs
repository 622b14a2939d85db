//! What nfs-ganesha wrote into its log, read for what to say of it. Purely.

/// How many lines are shown.
const SHOWN: usize = 5;

/// Whether it runs without a file system: it does so where its export could not be read.
pub(super) fn exports_nothing(log: &str) -> bool {
    log.contains("No export entries found")
}

/// The last lines; of an export that could not be read, those that say why.
pub(super) fn last_lines(log: &str) -> String {
    let why = |line: &&str| !exports_nothing(log) || line.contains("config_errs_to_log");
    let lines: Vec<&str> = log.lines().filter(why).map(message).collect();
    let shown = lines.get(lines.len().saturating_sub(SHOWN)..);
    shown.unwrap_or_default().join("\n")
}

/// A line without the time and the process before it.
fn message(line: &str) -> &str {
    line.splitn(5, " :").last().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "26/11/2026 15:05:28 : epoch 6b084ab8 : vm : nfs-ganesha-19518[main] main :NFS STARTUP :WARN :No export entries found in configuration file !!!";

    #[test]
    fn a_server_without_its_export_is_recognised_and_says_why() {
        let before = "26/11/2026 15:05:28 : epoch 6b084ab8 : vm : nfs-ganesha-1[main] load_fsal :NFS STARTUP :CRIT :Could not dlopen\n";
        let why = "26/11/2026 15:05:28 : epoch 6b084ab8 : vm : nfs-ganesha-1[main] config_errs_to_log :CONFIG :CRIT :Failed to load FSAL (MEM)";
        let log = format!("{before}{LINE}\n{why}\n");
        assert!(exports_nothing(&log) && !exports_nothing(before));
        let shown = last_lines(&log);
        assert!(shown.ends_with("Failed to load FSAL (MEM)"), "{shown}");
        assert_eq!(shown.lines().count(), 1);
    }

    #[test]
    fn the_last_lines_are_shown_without_their_times() {
        let log = (0..9).map(|nth| LINE.replace("main :NFS", &format!("main{nth} :NFS")));
        let shown = last_lines(
            &log.collect::<Vec<_>>()
                .join("\n")
                .replace("No export", "An export"),
        );
        assert_eq!(shown.lines().count(), 5);
        assert!(!shown.contains("2026"), "{shown}");
        assert_eq!(last_lines(""), "");
        assert_eq!(last_lines("bad flag"), "bad flag");
    }
}
