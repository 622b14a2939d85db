//! Whether an answer is there to its end.
//!
//! HTTP tells the end of a body, but a proxy that cuts one off tells another end. The SDK reads XML that stops in the middle as if the
//! rest were empty, and no JSON at all as if it were `{}`: a list with less in it, or with nothing, would be believed.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Refuses an answer that is cut off: whether the call took effect is not known then.
#[derive(Debug)]
pub(super) struct Whole;

impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "efsctl whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let (Some(metadata), Some(body)) = (config.load::<Metadata>(), response.body().bytes())
        else {
            return Ok(());
        };
        if !response.status().is_success() || is_whole(metadata, body) {
            return Ok(());
        }
        Err("the answer is cut off".into())
    }
}

fn is_whole(metadata: &Metadata, body: &[u8]) -> bool {
    let body = body.trim_ascii_end();
    if metadata.service() == "EC2" {
        body.ends_with(format!("</{}Response>", metadata.name()).as_bytes())
    } else {
        // What deletes or tags has nothing to say.
        !body.is_empty() || !metadata.name().starts_with("Describe")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_ends_with_its_root_and_json_with_something() {
        for (service, operation, body, whole) in [
            (
                "EC2",
                "CreateTags",
                "<CreateTagsResponse></CreateTagsResponse>\n",
                true,
            ),
            (
                "EC2",
                "CreateTags",
                "<CreateTagsResponse><return>true",
                false,
            ),
            (
                "EC2",
                "CreateTags",
                "<CreateTagsResponse><return>true</return>",
                false,
            ),
            ("EC2", "CreateTags", "", false),
            ("EFS", "DescribeFileSystems", "{\"FileSystems\":[]}", true),
            ("EFS", "DescribeFileSystems", " \n", false),
            ("EFS", "DeleteFileSystem", "", true),
        ] {
            let metadata = Metadata::new(operation, service);
            assert_eq!(
                is_whole(&metadata, body.as_bytes()),
                whole,
                "{operation} {body}"
            );
        }
    }
}
