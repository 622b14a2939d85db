//! The query protocol of EC2 and STS: `Action`, and parameters whose names spell out a structure
//! (`Filter.1.Value.2`).

use super::Request;
use crate::world::ApiError;

/// The parameters of a request, or of one structure in it.
#[derive(Debug, Clone, Default)]
pub struct Query {
    parameters: Vec<(String, String)>,
}

impl Query {
    /// The parameters of a request: those of its form and those of its query string.
    pub fn of(request: &Request) -> Self {
        let form = form_urlencoded::parse(&request.body);
        let query = form_urlencoded::parse(request.query.as_bytes());
        let parameters = form.chain(query);
        Self {
            parameters: parameters
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, as its own string.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let parse = |text: &str| text.parse().map_err(|_| mistyped(text, name, "an integer"));
        self.get(name)
            .filter(|text| !text.is_empty())
            .map(parse)
            .transpose()
    }

    /// A parameter that is `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let parse = |text: &str| match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(mistyped(text, name, "a boolean")),
        };
        self.get(name).map(parse).transpose()
    }

    /// Whether the request asks for a rehearsal.
    pub fn dry_run(&self) -> Result<bool, ApiError> {
        Ok(self.flag("DryRun")?.unwrap_or_default())
    }

    /// The structures of a list (`Filter.1.…`, `Filter.2.…`), in the order of their numbers.
    pub fn structures(&self, name: &str) -> Vec<Query> {
        let mut found: Vec<(u32, Query)> = Vec::new();
        for (key, value) in &self.parameters {
            let Some((number, member)) = numbered(key, name) else {
                continue;
            };
            let parameter = (member.to_owned(), value.clone());
            match found.iter_mut().rev().find(|(known, _)| *known == number) {
                Some((_, structure)) => structure.parameters.push(parameter),
                None => found.push((
                    number,
                    Query {
                        parameters: vec![parameter],
                    },
                )),
            }
        }
        found.sort_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, structure)| structure).collect()
    }

    /// The values of a list (`VpcId.1`, `VpcId.2`), in the order of their numbers.
    pub fn list(&self, name: &str) -> Vec<String> {
        let mut found: Vec<(u32, &str)> = (self.parameters.iter())
            .filter_map(|(key, value)| match numbered(key, name)? {
                (number, "") => Some((number, value.as_str())),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(number, _)| *number);
        found
            .into_iter()
            .map(|(_, value)| value.to_owned())
            .collect()
    }
}

/// The number and the rest of `Name.3.Rest`.
fn numbered<'a>(key: &'a str, name: &str) -> Option<(u32, &'a str)> {
    let rest = key.strip_prefix(name)?.strip_prefix('.')?;
    let (number, member) = rest.split_once('.').unwrap_or((rest, ""));
    Some((number.parse().ok()?, member))
}

fn mistyped(text: &str, name: &str, expected: &str) -> ApiError {
    let message = format!("Value ({text}) for parameter {name} is invalid. Expecting {expected}.");
    ApiError::new("InvalidParameterValue", 400, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_parameters_become_lists_in_the_order_of_their_numbers() {
        let body = "Action=DescribeVpcs&Filter.10.Name=state&Filter.2.Name=tag%3AName\
                    &Filter.2.Value.2=b&Filter.2.Value.1=a+c&Filter.x.Name=no&Filters=no";
        let query = Query::of(&Request {
            body: body.into(),
            ..Request::default()
        });
        let filters = query.structures("Filter");
        let names: Vec<_> = filters.iter().map(|filter| filter.get("Name")).collect();
        assert_eq!(names, [Some("tag:Name"), Some("state")]);
        assert_eq!(filters[0].list("Value"), ["a c", "b"]);
    }

    #[test]
    fn what_is_no_number_and_no_flag_is_refused() {
        let query = Query::of(&Request {
            query: "MaxResults=ten&DryRun=maybe".into(),
            ..Request::default()
        });
        assert_eq!(
            query.number("MaxResults").unwrap_err().code,
            "InvalidParameterValue"
        );
        assert_eq!(query.dry_run().unwrap_err().code, "InvalidParameterValue");
    }
}
