//! The prices: a row for each region and item, with where it was read and when. A file of them is compiled in; others override it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::exact::{Exact, decimal};
use super::item::Item;
use crate::domain::region;

/// Those that are compiled in.
const COMPILED_IN: &str = include_str!("prices.toml");

/// A rate, as its source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// USD for one unit of the item.
    pub usd: Exact,
    /// Where it was read.
    pub source: String,
    /// Of when it is: a year, a month or a day.
    pub date: String,
}

/// Rates, by region and item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices {
    rates: BTreeMap<String, BTreeMap<Item, Rate>>,
}

/// Prices of Amazon EFS and S3: `efsctl cost --prices FILE`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    /// The rates.
    price: Vec<Row>,
}

/// A rate.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The region: `eu-west-1`.
    region: String,
    /// What is charged.
    item: Item,
    /// USD for one GB-month, GB, MiB/s-month or 1,000 requests, as text, so that it is exact: `"0.025"`.
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?$"))]
    usd: String,
    /// Where it was read.
    #[schemars(length(min = 1))]
    source: String,
    /// Of when it is: `"2026"`, `"2026-05"` or `"2026-05-01"`.
    #[schemars(regex(pattern = r"^[0-9]{4}(-[0-9]{2}){0,2}$"))]
    date: String,
}

/// A file that holds no prices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrices {
    /// Not TOML, or not of that form.
    #[error("{0}")]
    Form(String),
    /// A value of a row that cannot be meant.
    #[error("price {row} ({region}, {item}): {why}", item = .item.name())]
    Row {
        /// Counted from 1.
        row: usize,
        /// Its region.
        region: String,
        /// Its item.
        item: Item,
        /// What is wrong.
        why: String,
    },
}

impl Prices {
    /// Those that are compiled in.
    pub fn compiled_in() -> Self {
        Self::parse(COMPILED_IN).unwrap_or_default()
    }

    /// Those of a file.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its place.
    pub fn parse(text: &str) -> Result<Self, InvalidPrices> {
        let file: File =
            toml::from_str(text).map_err(|error| InvalidPrices::Form(sentence(&error, text)))?;
        let mut prices = Self::default();
        for (nth, row) in file.price.into_iter().enumerate() {
            let wrong = |why: String| InvalidPrices::Row {
                row: nth + 1,
                region: row.region.clone(),
                item: row.item,
                why,
            };
            let rate = row.rate().map_err(wrong)?;
            if !prices.insert(&row.region, row.item, rate) {
                return Err(wrong("it has a price already".to_owned()));
            }
        }
        Ok(prices)
    }

    /// Adds a rate; `false`: there is one already, which stays.
    pub fn insert(&mut self, region: &str, item: Item, rate: Rate) -> bool {
        let rates = self.rates.entry(region.to_owned()).or_default();
        let is_new = !rates.contains_key(&item);
        rates.entry(item).or_insert(rate);
        is_new
    }

    /// These, with others in their place where those have a rate.
    #[must_use]
    pub fn overridden_by(mut self, others: Self) -> Self {
        for (region, rates) in others.rates {
            self.rates.entry(region).or_default().extend(rates);
        }
        self
    }

    /// The rate of an item in a region; `None`: it is unknown.
    pub fn rate(&self, region: &str, item: Item) -> Option<&Rate> {
        self.rates.get(region)?.get(&item)
    }

    /// The regions of which a rate is known.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.rates.keys().map(String::as_str)
    }

    /// The JSON Schema of such a file.
    pub fn schema() -> String {
        serde_json::to_string_pretty(&schemars::schema_for!(File)).unwrap_or_default() + "\n"
    }
}

impl Row {
    fn rate(&self) -> Result<Rate, String> {
        region::check(&self.region)
            .map_err(|mistaken| region::sentence(&self.region, "region", &mistaken))?;
        let usd = decimal(&self.usd)
            .ok_or_else(|| format!("usd is `{}`: expected a number such as 0.025", self.usd))?;
        if self.source.trim().is_empty() {
            return Err("source is empty: name where the price was read".to_owned());
        }
        if !is_date(&self.date) {
            let date = &self.date;
            return Err(format!(
                "date is `{date}`: expected 2026, 2026-05 or 2026-05-01"
            ));
        }
        Ok(Rate {
            usd,
            source: self.source.clone(),
            date: self.date.clone(),
        })
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &&str, length: usize| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_number)
    };
    let in_range = |part: &&str, last| number(part, 2).is_some_and(|n| (1..=last).contains(&n));
    match parts.as_slice() {
        [year] => number(year, 4).is_some(),
        [year, month] => number(year, 4).is_some() && in_range(month, 12),
        [year, month, day] => number(year, 4).is_some() && in_range(month, 12) && in_range(day, 31),
        _ => false,
    }
}

/// What is wrong with a file, and in which line.
fn sentence(error: &toml::de::Error, text: &str) -> String {
    let message = error.message();
    let begin = error.span().and_then(|span| text.get(..span.start));
    begin.map_or_else(
        || message.to_owned(),
        |begin| format!("line {}: {message}", begin.matches('\n').count() + 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::exact::shortest;

    #[test]
    fn the_prices_that_are_compiled_in_are_well_formed_and_each_has_its_source() {
        let prices = Prices::parse(COMPILED_IN).unwrap();
        assert_eq!(prices, Prices::compiled_in());
        let regions: Vec<&str> = prices.regions().collect();
        let sourced = [
            "ap-northeast-1",
            "eu-west-1",
            "us-east-1",
            "us-east-2",
            "us-west-2",
        ];
        assert_eq!(regions, sourced);
        let rates = prices.rates.values().map(BTreeMap::len).sum::<usize>();
        assert_eq!(rates, COMPILED_IN.matches("[[price]]").count());
        assert!(rates >= 29, "{rates}");
    }

    /// What is not confirmed by a source of that region is not there: neither by analogy, nor from tables that repeat each other.
    #[test]
    fn a_rate_without_a_source_is_unknown() {
        let prices = Prices::compiled_in();
        for (region, item) in [
            ("ap-south-1", Item::Standard),
            ("us-east-1", Item::InfrequentAccessElastic),
            ("us-east-1", Item::Archive),
            ("us-east-1", Item::ArchiveRead),
            ("eu-west-1", Item::ElasticRead),
            ("us-east-2", Item::InfrequentAccess),
        ] {
            assert_eq!(prices.rate(region, item), None, "{region} {item:?}");
        }
    }

    fn row(rest: &str) -> String {
        format!("[[price]]\nregion = \"eu-west-1\"\nitem = \"standard\"\n{rest}")
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused_with_its_place() {
        let good = "usd = \"0.5\"\nsource = \"a contract\"\ndate = \"2026-11\"\n";
        let prices = Prices::parse(&row(good)).unwrap();
        let rate = prices.rate("eu-west-1", Item::Standard).unwrap();
        assert_eq!(shortest(&rate.usd, 6), "0.5");
        for (text, says) in [
            ("price = 1".to_owned(), "line 1"),
            (row(""), "missing field `usd`"),
            (row(&good.replace("\"0.5\"", "0.5")), "line 4"),
            (row(&good.replace("0.5", "-1")), "usd is `-1`"),
            (
                row(&good.replace("2026-11", "2026-13")),
                "date is `2026-13`",
            ),
            (row(&good.replace("2026-11", "May")), "date is `May`"),
            (row(&good.replace("a contract", " ")), "source is empty"),
            (
                row(good).replace("eu-west-1", "eu-west-1a"),
                "zone of eu-west-1",
            ),
            (row(good).replace("standard", "gold"), "gold"),
            (row(good) + &row(good), "price 2 (eu-west-1, standard)"),
            (row(&format!("{good}note = \"\"\n")), "note"),
        ] {
            let error = Prices::parse(&text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}\n{text}");
        }
    }

    #[test]
    fn others_override_where_they_have_a_rate_and_nowhere_else() {
        let others = Prices::parse(&row(
            "usd = \"0.5\"\nsource = \"a contract\"\ndate = \"2026\"\n",
        ));
        let prices = Prices::compiled_in().overridden_by(others.unwrap());
        let usd = |item| shortest(&prices.rate("eu-west-1", item).unwrap().usd, 6);
        assert_eq!(usd(Item::Standard), "0.5");
        assert_eq!(usd(Item::InfrequentAccess), "0.025");
    }
}
