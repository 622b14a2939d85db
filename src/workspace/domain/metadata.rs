//! `.job_metadata.json`, byte for byte as the Python backend writes it.

use serde::Deserialize;

use super::limits::Counts;
use super::name::Name;
use super::pretty::quoted;
use super::stamp::Stamp;
use super::step::Status;
use super::text::Text;

/// The largest file that is read: with every character of a name and of an error escaped it is a tenth of that.
pub const LARGEST: u64 = 1 << 20;

/// What the metadata file says. It lies in a directory that the user's build can write: the counts and places in it are written, and
/// never believed; the owner is believed once, of a job that the Python backend left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The id: the name of the directory.
    pub job_id: String,
    /// Whose it is.
    pub user_id: String,
    /// A name for people.
    pub project_name: String,
    /// When it was created.
    pub created_at: Stamp,
    /// Where it is in its life.
    pub status: Status,
    /// Files and bytes.
    pub counts: Counts,
    /// Where the ZIP is.
    pub zip_path: Option<String>,
    /// Where a copy in S3 is.
    pub s3_url: Option<String>,
    /// Why it failed.
    pub error_message: Option<String>,
}

#[derive(Deserialize)]
struct Read {
    job_id: Text,
    user_id: Text,
    project_name: Text,
    created_at: String,
    status: String,
    #[serde(default)]
    files_count: Option<serde_json::Number>,
    #[serde(default)]
    total_size_bytes: Option<serde_json::Number>,
    #[serde(default)]
    zip_path: Option<Text>,
    #[serde(default)]
    s3_url: Option<Text>,
    #[serde(default)]
    error_message: Option<Text>,
}

/// A metadata file that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It is not the JSON that is expected.
    #[error("it cannot be read: {0}")]
    Json(String),
    /// It is that of another job.
    #[error("it names another id, `{0}`")]
    OtherId(String),
    /// Its time is none.
    #[error("`created_at` is no time: `{0}`")]
    Time(String),
    /// Its status is none.
    #[error("`status` is unknown: `{0}`")]
    Status(String),
    /// It is no regular file.
    #[error("it is no regular file")]
    NoFile,
    /// It is larger than such a file is.
    #[error("it is larger than 1 MiB")]
    TooLarge,
}

fn lossy(text: &Text) -> String {
    text.lossy().into_owned()
}

impl Metadata {
    /// The metadata of a new workspace.
    pub fn new(name: &Name, user: &str, project: &str, created_at: Stamp) -> Self {
        Self {
            job_id: name.as_str().to_owned(),
            user_id: user.to_owned(),
            project_name: project.to_owned(),
            created_at,
            status: Status::Generating,
            counts: Counts::default(),
            zip_path: None,
            s3_url: None,
            error_message: None,
        }
    }

    /// Reads the file of the workspace `name`.
    ///
    /// # Errors
    ///
    /// Why it cannot be used.
    pub fn parse(bytes: &[u8], name: &Name) -> Result<Self, Damage> {
        let read: Read =
            serde_json::from_slice(bytes).map_err(|error| Damage::Json(error.to_string()))?;
        if read.job_id.as_str() != Some(name.as_str()) {
            return Err(Damage::OtherId(
                lossy(&read.job_id).chars().take(140).collect(),
            ));
        }
        let created_at = Stamp::parse(&read.created_at).ok_or(Damage::Time(read.created_at))?;
        let status = Status::parse(&read.status).ok_or(Damage::Status(read.status))?;
        let number = |number: &Option<serde_json::Number>| {
            number
                .as_ref()
                .and_then(serde_json::Number::as_u64)
                .unwrap_or(0)
        };
        Ok(Self {
            job_id: name.as_str().to_owned(),
            user_id: lossy(&read.user_id),
            project_name: lossy(&read.project_name),
            created_at,
            status,
            counts: Counts {
                files: number(&read.files_count),
                bytes: number(&read.total_size_bytes),
            },
            zip_path: read.zip_path.as_ref().map(lossy),
            s3_url: read.s3_url.as_ref().map(lossy),
            error_message: read.error_message.as_ref().map(lossy),
        })
    }

    /// The file: ten keys in the order of the dataclass, two spaces, no newline at the end.
    pub fn render(&self) -> String {
        let optional =
            |text: &Option<String>| text.as_deref().map_or_else(|| "null".to_owned(), quoted);
        let rows = [
            ("job_id", quoted(&self.job_id)),
            ("user_id", quoted(&self.user_id)),
            ("project_name", quoted(&self.project_name)),
            ("created_at", quoted(&self.created_at.naive())),
            ("status", quoted(self.status.as_str())),
            ("files_count", self.counts.files.to_string()),
            ("total_size_bytes", self.counts.bytes.to_string()),
            ("zip_path", optional(&self.zip_path)),
            ("s3_url", optional(&self.s3_url)),
            ("error_message", optional(&self.error_message)),
        ];
        let rows: Vec<String> = rows
            .iter()
            .map(|(key, value)| format!("  \"{key}\": {value}"))
            .collect();
        format!("{{\n{}\n}}", rows.join(",\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> Name {
        Name::job("abc123").unwrap()
    }

    /// Printed by `json.dumps(…, indent=2)` of Python 3.11.
    const PYTHON: &str = "{\n  \"job_id\": \"abc123\",\n  \"user_id\": \"user-001\",\n  \"project_name\": \"caf\\u00e9 \\ud83d\\ude00 \\\"x\\\"\",\n  \"created_at\": \"2024-01-15T10:30:00.123456\",\n  \"status\": \"generating\",\n  \"files_count\": 15,\n  \"total_size_bytes\": 524288,\n  \"zip_path\": null,\n  \"s3_url\": null,\n  \"error_message\": null\n}";

    #[test]
    fn what_python_wrote_is_read_and_written_byte_for_byte() {
        let read = Metadata::parse(PYTHON.as_bytes(), &name()).unwrap();
        assert_eq!(read.project_name, "café 😀 \"x\"");
        assert_eq!(
            read.counts,
            Counts {
                files: 15,
                bytes: 524_288
            }
        );
        assert_eq!(read.render(), PYTHON);
    }

    #[test]
    fn times_with_a_zone_are_read_and_written_without() {
        for zone in ["Z", "+00:00"] {
            let text = PYTHON.replace("10:30:00.123456", &format!("10:30:00.123456{zone}"));
            assert_eq!(
                Metadata::parse(text.as_bytes(), &name()).unwrap().render(),
                PYTHON
            );
        }
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let parse = |text: &str| Metadata::parse(text.as_bytes(), &name());
        for broken in [
            "",
            "{",
            "[]",
            "{}",
            "null",
            &PYTHON.replace("\"user-001\"", "7"),
            &PYTHON.replace("15,", "\"15\","),
        ] {
            assert!(matches!(parse(broken), Err(Damage::Json(_))), "{broken}");
        }
        assert!(matches!(
            parse(&PYTHON.replace("abc123", "other")),
            Err(Damage::OtherId(_))
        ));
        assert!(matches!(
            parse(&PYTHON.replace("2024-01-15", "soon")),
            Err(Damage::Time(_))
        ));
        assert!(matches!(
            parse(&PYTHON.replace("generating", "odd")),
            Err(Damage::Status(_))
        ));
        let more = PYTHON.replace("{\n", "{\n  \"later\": {\"x\": 1},\n");
        assert_eq!(parse(&more).unwrap().render(), PYTHON);
        let fewer = PYTHON
            .replace(
                "  \"files_count\": 15,\n  \"total_size_bytes\": 524288,\n",
                "",
            )
            .replace(
                ",\n  \"zip_path\": null,\n  \"s3_url\": null,\n  \"error_message\": null",
                "",
            );
        assert_eq!(parse(&fewer).unwrap().counts, Counts::default());
    }
}
