//! Pages, in the two styles of the API.

use serde_json::{Map, json};

use super::super::super::world::ApiError;
use super::super::super::world::efs::Page;
use super::replies::Answer;

/// A page in the older style: `Marker` repeats the one of the request; what is not there is null.
pub(super) fn markers(
    list: &str,
    page: Page<impl serde::Serialize>,
    marker: Option<String>,
) -> Result<Answer, ApiError> {
    let mut body = Map::new();
    body.insert(list.to_owned(), json!(page.items));
    body.insert("Marker".to_owned(), marker.into());
    body.insert("NextMarker".to_owned(), page.next.into());
    Answer::json(200, &body)
}

/// A page in the newer style.
pub(super) fn next_token(
    list: &str,
    page: Page<impl serde::Serialize>,
) -> Result<Answer, ApiError> {
    let mut body = Map::new();
    body.insert(list.to_owned(), json!(page.items));
    body.extend(page.next.map(|next| ("NextToken".to_owned(), next.into())));
    Answer::json(200, &body)
}
