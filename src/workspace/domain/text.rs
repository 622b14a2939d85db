//! A string of JSON that may hold what is no text: half of a surrogate pair.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The bytes of a JSON string: UTF-8, but for lone surrogates, which are encoded like other code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Vec<u8>);

impl Text {
    /// As text; `None` with a lone surrogate in it.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// As text, with a replacement character for what is none.
    pub fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// As it came.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// As it came.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(bytes.to_vec()))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Text, E> {
        Ok(Text(bytes))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.as_bytes().to_vec()))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An array of numbers would be bytes too: only a string is taken.
        deserializer.deserialize_byte_buf(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_is_kept_and_is_no_text() {
        let read = |json: &str| serde_json::from_str::<Text>(json);
        assert_eq!(read(r#""aé😀""#).unwrap().as_str(), Some("aé😀"));
        assert_eq!(read(r#""\ud83d\ude00""#).unwrap().as_str(), Some("😀"));
        let lone = read(r#""a\ud800b""#).unwrap();
        assert_eq!(lone.as_str(), None);
        assert!(lone.lossy().starts_with('a') && lone.lossy().ends_with('b'));
        for wrong in ["[97]", "1", "null", "{}", "true"] {
            let error = read(wrong).unwrap_err();
            assert!(error.is_data(), "{wrong}: {error}");
        }
    }
}
