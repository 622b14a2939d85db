//! Answers of the AWS Price List API (`pricing get-products`, form `aws_v1`), as prices.
//!
//! Names of usage types are those of the EFS user guide, "Understanding billing and usage reports"; each begins with an abbreviation of
//! the region, or with nothing. What is not understood, or not certain, is left out, and stays unknown.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::exact::decimal;
use super::item::{Item, Unit};
use super::prices::{InvalidPrices, Prices, Rate};

/// What is read and written where.
const BY_ACCESS: [(&str, Item, Item); 3] = [
    (
        "IADataAccess-Bytes",
        Item::InfrequentAccessRead,
        Item::InfrequentAccessWrite,
    ),
    (
        "ArchiveDataAccess-Bytes",
        Item::ArchiveRead,
        Item::ArchiveWrite,
    ),
    ("ETDataAccess-Bytes", Item::ElasticRead, Item::ElasticWrite),
];

/// Everything else.
const BY_USAGE: [(&str, Item); 7] = [
    ("TimedStorage-ByteHrs", Item::Standard),
    ("TimedStorage-Z-ByteHrs", Item::OneZone),
    ("IATimedStorage-ByteHrs", Item::InfrequentAccess),
    ("IATimedStorage-ET-ByteHrs", Item::InfrequentAccessElastic),
    ("IATimedStorage-Z-ByteHrs", Item::OneZoneInfrequentAccess),
    ("ArchiveTimedStorage-ByteHrs", Item::Archive),
    ("ProvisionedTP-MiBpsHrs", Item::ProvisionedThroughput),
];

#[derive(Deserialize)]
struct Answer {
    /// Each is a document of its own, as text.
    #[serde(rename = "PriceList")]
    price_list: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    service_code: String,
    product: Product,
    terms: Terms,
}

#[derive(Deserialize)]
struct Product {
    sku: String,
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Terms {
    on_demand: BTreeMap<String, Term>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    effective_date: String,
    price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    unit: String,
    begin_range: String,
    end_range: String,
    price_per_unit: BTreeMap<String, String>,
}

/// The prices of a file: rows of our own, or what `aws pricing get-products --output json` prints.
///
/// # Errors
///
/// It is neither, or has no price of EFS in USD: the first thing that is wrong, with its place.
pub fn read_prices(text: &str) -> Result<Prices, InvalidPrices> {
    // No TOML begins like that.
    if text.trim_start().starts_with('{') {
        parse(text)
    } else {
        Prices::parse(text)
    }
}

/// The prices of EFS among what was printed.
fn parse(text: &str) -> Result<Prices, InvalidPrices> {
    let wrong = |error: serde_json::Error| InvalidPrices::Form(error.to_string());
    let answer: Answer = serde_json::from_str(text).map_err(wrong)?;
    let mut found: BTreeMap<(String, Item), Vec<Rate>> = BTreeMap::new();
    for listed in &answer.price_list {
        let listed: Listed = serde_json::from_str(listed).map_err(wrong)?;
        if let Some((region, item, rate)) = listed.rate() {
            found.entry((region, item)).or_default().push(rate);
        }
    }
    let mut prices = Prices::default();
    for ((region, item), rates) in found {
        // Two rates for one thing: which of them applies is not known.
        let different: BTreeSet<_> = rates.iter().map(|rate| &rate.usd).collect();
        if different.len() == 1 {
            rates
                .into_iter()
                .next()
                .map(|rate| prices.insert(&region, item, rate));
        }
    }
    if prices.regions().next().is_none() {
        let none = "it has no price of Amazon EFS in USD".to_owned();
        return Err(InvalidPrices::Form(none));
    }
    Ok(prices)
}

impl Listed {
    /// The rate, where it is one for any amount.
    fn rate(&self) -> Option<(String, Item, Rate)> {
        if self.service_code != "AmazonEFS" {
            return None;
        }
        let item = self.product.item()?;
        let mut terms = self.terms.on_demand.values();
        let (Some(term), None) = (terms.next(), terms.next()) else {
            return None;
        };
        let mut dimensions = term.price_dimensions.values();
        let (Some(dimension), None) = (dimensions.next(), dimensions.next()) else {
            return None;
        };
        let is_for_all = dimension.begin_range == "0" && dimension.end_range == "Inf";
        if !is_for_all || !is_unit(&dimension.unit, item.unit()) {
            return None;
        }
        let rate = Rate {
            usd: decimal(dimension.price_per_unit.get("USD")?)?,
            source: format!("AWS Price List, SKU {}", self.product.sku),
            date: term.effective_date.get(..10)?.to_owned(),
        };
        let region = self.product.attribute("regionCode")?;
        Some((region.to_owned(), item, rate))
    }
}

impl Product {
    /// Of that name, however it is written: `usagetype` and `usageType` both occur.
    fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        value.as_str()
    }

    fn item(&self) -> Option<Item> {
        let usage = self.attribute("usagetype")?;
        let is = |name: &str| usage.strip_suffix(name).is_some_and(is_region);
        if let Some((_, item)) = BY_USAGE.iter().find(|(name, _)| is(name)) {
            return Some(*item);
        }
        let (_, read, write) = BY_ACCESS.iter().find(|(name, ..)| is(name))?;
        match self.attribute("accessType")? {
            "Read" => Some(*read),
            "Write" => Some(*write),
            _ => None,
        }
    }
}

/// An abbreviation of a region with its hyphen, or nothing.
fn is_region(prefix: &str) -> bool {
    prefix.is_empty()
        || prefix.strip_suffix('-').is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// As the list writes it.
fn is_unit(text: &str, unit: Unit) -> bool {
    let written = match unit {
        Unit::GbMonth => "GB-Mo",
        Unit::Gb => "GB",
        Unit::MibpsMonth => "MiBps-Mo",
        Unit::ThousandRequests => return false,
    };
    text.eq_ignore_ascii_case(written)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cost::exact::price;

    /// A product as the API lists it.
    fn product(usage: &str, access: Option<&str>, unit: &str, price: &Value) -> Value {
        let mut attributes = json!({
            "regionCode": "us-east-2",
            "servicecode": "AmazonEFS",
            "usagetype": usage,
        });
        if let Some(access) = access {
            attributes["accessType"] = access.into();
        }
        json!({
            "serviceCode": "AmazonEFS",
            "product": {"productFamily": "Storage", "sku": "SKU1", "attributes": attributes},
            "publicationDate": "2026-09-01T12:00:00Z",
            "terms": {"OnDemand": {"SKU1.T": {
                "sku": "SKU1",
                "effectiveDate": "2026-08-01T00:00:00Z",
                "termAttributes": {},
                "priceDimensions": {"SKU1.T.R": {
                    "unit": unit, "beginRange": "0", "endRange": "Inf", "appliesTo": [],
                    "description": "", "rateCode": "SKU1.T.R", "pricePerUnit": price,
                }},
            }}},
        })
    }

    fn usd(price: &str) -> Value {
        json!({"USD": price})
    }

    fn answer(products: &[Value]) -> String {
        let products: Vec<String> = products.iter().map(ToString::to_string).collect();
        json!({"FormatVersion": "aws_v1", "PriceList": products}).to_string()
    }

    fn standard() -> Value {
        product(
            "USE2-TimedStorage-ByteHrs",
            None,
            "GB-Mo",
            &usd("0.3000000000"),
        )
    }

    #[test]
    fn each_usage_type_is_an_item_and_each_item_of_efs_has_one() {
        let mut products: Vec<Value> = BY_USAGE
            .iter()
            .map(|(usage, item)| {
                let unit = match item.unit() {
                    Unit::MibpsMonth => "MiBps-Mo",
                    _ => "GB-Mo",
                };
                product(&format!("USE2-{usage}"), None, unit, &usd("0.0160000000"))
            })
            .collect();
        for (usage, ..) in BY_ACCESS {
            for access in ["Read", "Write"] {
                products.push(product(usage, Some(access), "GB", &usd("0.03")));
            }
        }
        let prices = parse(&answer(&products)).unwrap();
        for item in Item::ALL {
            let is_efs = !matches!(item, Item::S3Standard | Item::S3Put);
            assert_eq!(prices.rate("us-east-2", item).is_some(), is_efs, "{item:?}");
        }
        let rate = prices
            .rate("us-east-2", Item::InfrequentAccessElastic)
            .unwrap();
        assert_eq!(price(&rate.usd), "0.016");
        assert_eq!(rate.date, "2026-08-01");
        assert_eq!(rate.source, "AWS Price List, SKU SKU1");
    }

    #[test]
    fn what_is_not_certain_is_left_out() {
        let changed = |pointer: &str, value: Value| {
            let mut product = standard();
            *product.pointer_mut(pointer).unwrap() = value;
            product
        };
        let dimension = "/terms/OnDemand/SKU1.T/priceDimensions/SKU1.T.R";
        let mut tiers = standard();
        let first = tiers.pointer(dimension).unwrap().clone();
        tiers["terms"]["OnDemand"]["SKU1.T"]["priceDimensions"]["SKU1.T.R2"] = first;
        for product in [
            product(
                "USE2-TimedStorage-ByteHrs",
                None,
                "GB-Mo",
                &json!({"CNY": "2.1"}),
            ),
            product("USE2-TimedStorage-ByteHrs", None, "GB", &usd("0.3")),
            product(
                "USE2-ArchiveEarlyDelete-ByteHrs",
                None,
                "GB-Mo",
                &usd("0.3"),
            ),
            product("USE2-IATimedStorage-SmallFiles", None, "GB-Mo", &usd("0.3")),
            product("USE2-X-TimedStorage-ByteHrs", None, "GB-Mo", &usd("0.3")),
            product("USE2-ETDataAccess-Bytes", None, "GB", &usd("0.3")),
            product("USE2-ETDataAccess-Bytes", Some("List"), "GB", &usd("0.3")),
            product("USE2-TimedStorage-ByteHrs", None, "GB-Mo", &usd("-0.3")),
            changed("/serviceCode", "AmazonS3".into()),
            changed(&format!("{dimension}/endRange"), "50".into()),
            tiers,
        ] {
            let error = parse(&answer(std::slice::from_ref(&product))).unwrap_err();
            assert!(error.to_string().contains("no price"), "{product}");
        }
        // The same rate twice is that rate; another one beside it makes it unknown.
        assert!(parse(&answer(&[standard(), standard()])).is_ok());
        let other = product("TimedStorage-ByteHrs", None, "GB-Mo", &usd("0.31"));
        assert!(parse(&answer(&[standard(), other])).is_err());
        for text in [
            "{",
            "{}",
            r#"{"PriceList": [{}]}"#,
            r#"{"PriceList": ["{}"]}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_name_of_the_attribute_is_written_in_two_ways() {
        let mut product = standard();
        let attributes = product.pointer_mut("/product/attributes").unwrap();
        let usage = attributes.as_object_mut().unwrap().remove("usagetype");
        attributes["usageType"] = usage.unwrap();
        assert!(parse(&answer(&[product])).is_ok());
    }
}
