//! A writer of the XML that EC2 and STS answer with: elements, texts and lists, nothing else.

use std::fmt::Display;

use quick_xml::escape::escape;

use crate::wire::Reply;
use crate::world::Tags;

/// An answer in the making.
#[derive(Debug)]
pub(in crate::wire) struct Xml {
    root: &'static str,
    text: String,
}

impl Xml {
    /// An answer with that root element; without a namespace when it is empty.
    pub(crate) fn new(root: &'static str, namespace: &str) -> Self {
        let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<".to_owned();
        text += root;
        if !namespace.is_empty() {
            text += " xmlns=\"";
            text += namespace;
            text.push('"');
        }
        text.push('>');
        Self { root, text }
    }

    /// `<name>value</name>`.
    pub(crate) fn text(&mut self, name: &str, value: impl Display) {
        self.element(name, |xml| xml.value(value));
    }

    /// The value of the element that is being written.
    pub(crate) fn value(&mut self, value: impl Display) {
        let legal: String = value
            .to_string()
            .chars()
            .filter(|&it| is_legal(it))
            .collect();
        self.text += &escape(legal);
    }

    /// `<name>value</name>`, or nothing.
    pub(crate) fn optional(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// `<name>…</name>`.
    pub(crate) fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.open(name);
        content(self);
        self.close(name);
    }

    /// `<name><item>…</item>…</name>`.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut content: impl FnMut(&mut Self, T),
    ) {
        self.element(name, |xml| {
            for item in items {
                xml.element("item", |xml| content(xml, item));
            }
        });
    }

    /// The tags of a VPC, a subnet or a security group, which have no such element when there are none.
    pub(crate) fn tags_if_any(&mut self, tags: &Tags) {
        if !tags.is_empty() {
            self.tags(tags);
        }
    }

    /// The tags of a resource.
    pub(crate) fn tags(&mut self, tags: &Tags) {
        self.list("tagSet", tags, |xml, (key, value)| {
            xml.text("key", key);
            xml.text("value", value);
        });
    }

    /// The finished answer.
    pub(crate) fn reply(mut self, status: u16, request_id: &str) -> Reply {
        self.close(self.root);
        Reply {
            status,
            headers: vec![
                (
                    "content-type".to_owned(),
                    "text/xml;charset=UTF-8".to_owned(),
                ),
                ("x-amzn-requestid".to_owned(), request_id.to_owned()),
            ],
            body: self.text.into_bytes(),
        }
    }

    fn open(&mut self, name: &str) {
        self.text.push('<');
        self.text += name;
        self.text.push('>');
    }

    fn close(&mut self, name: &str) {
        self.text += "</";
        self.text += name;
        self.text.push('>');
    }
}

/// XML 1.0 has no way to write the other control characters.
fn is_legal(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\0'..' ' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    }
}
