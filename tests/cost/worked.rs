//! Examples that others worked out: the golden files of Infracost, and AWS's page of prices.

use efsctl::cost::exact::{decimal, rounded, shortest, whole};
use efsctl::cost::{Estimate, Item, Line, Mode, Prices, Stored, Workload, sum};

use super::{estimate, gb, holding, shown};

fn provisioned(mibps: &str) -> Mode {
    Mode::Provisioned(decimal(mibps).unwrap())
}

/// Infracost's golden file of `aws_efs_file_system`, us-east-1.
#[test]
fn the_examples_of_infracost_come_out_to_the_cent() {
    let with_infrequent = |is_one_zone| {
        let mut workload = holding(Mode::Bursting, "230");
        workload.is_one_zone = is_one_zone;
        workload.stored.infrequent = gb("100");
        workload.moved.infrequent_read = gb("50");
        workload.moved.infrequent_written = gb("100");
        workload
    };
    for (workload, lines) in [
        (
            with_infrequent(false),
            "standard 69.00, infrequent-access 2.50, infrequent-access-read 0.50, infrequent-access-write 1.00 = 73.00",
        ),
        (
            with_infrequent(true),
            "one-zone 36.80, one-zone-infrequent-access 1.33, infrequent-access-read 0.50, infrequent-access-write 1.00 = 39.63",
        ),
        (
            holding(provisioned("100"), "230"),
            "standard 69.00, provisioned-throughput 531.00 = 600.00",
        ),
    ] {
        assert_eq!(shown(&estimate(&workload, "us-east-1")), lines);
    }
}

/// 20 GB of Standard storage include 1 MiB/s: below, at and above what is provisioned, and with nothing stored.
#[test]
fn provisioned_throughput_is_billed_above_what_standard_storage_includes() {
    for (standard, mibps, billed, usd) in [
        ("0", "1", "1", "6.00"),
        ("0", "3414", "3414", "20484.00"),
        ("230", "100", "88.5", "531.00"),
        ("1980", "100", "1", "6.00"),
        ("1999", "100", "0.05", "0.30"),
        ("2000", "100", "0", "0.00"),
        ("2001", "100", "0", "0.00"),
        ("20", "1", "0", "0.00"),
        ("10", "1.5", "1", "6.00"),
    ] {
        let workload = holding(provisioned(mibps), standard);
        let estimate = estimate(&workload, "us-east-1");
        let mut lines = estimate.lines.iter();
        let is_throughput = |line: &&Line| line.item == Item::ProvisionedThroughput;
        let line = lines.find(is_throughput).unwrap();
        let quantity = shortest(line.quantity.as_ref().unwrap(), 6);
        assert_eq!(quantity, billed, "{standard} GB, {mibps} MiB/s");
        let amount = rounded(&line.amount().unwrap(), 2);
        assert_eq!(amount, usd, "{standard} GB, {mibps} MiB/s");
    }
    // What is in colder classes includes nothing.
    let mut cold = holding(provisioned("100"), "0");
    cold.stored.infrequent = gb("2000");
    let line = shown(&estimate(&cold, "us-east-1"));
    assert!(line.contains("provisioned-throughput 600.00"), "{line}");
}

/// aws.amazon.com/efs/pricing: 100 GB for 15 days of March and 250 GB for the other 16 are 132,000 GB-hours, over 744 hours. AWS's text goes
/// on with 177 whole GB-months, which are 53.10; to the byte they are 177.4194.
#[test]
fn a_month_with_two_sizes_is_the_example_of_the_page_of_prices() {
    let hours = |days: u64| decimal(&(days * 24).to_string()).unwrap() / whole(744);
    let first = holding(Mode::Bursting, "100").quantities(&hours(15));
    let second = holding(Mode::Bursting, "250").quantities(&hours(16));
    let month = sum(first, second);
    let gb_months = month[&Item::Standard].clone().unwrap();
    assert_eq!(shortest(&(&gb_months * whole(744)), 6), "132000");
    assert_eq!(shortest(&gb_months, 4), "177.4194");
    let all = Estimate::of(&month, &Prices::compiled_in(), "us-east-1");
    assert_eq!(shown(&all), "standard 53.23 = 53.23");
    let page = holding(Mode::Bursting, "177");
    assert_eq!(
        shown(&estimate(&page, "us-east-1")),
        "standard 53.10 = 53.10"
    );
}

/// aws.amazon.com/cn/efs/pricing: "effective" prices of a GB of which 80 % are in Infrequent Access.
#[test]
fn the_effective_prices_of_the_page_of_prices_come_out() {
    for (region, is_one_zone, usd, places) in [
        ("us-east-1", true, "0.043", 3),
        ("us-east-1", false, "0.08", 2),
        ("us-west-2", false, "0.08", 2),
        ("eu-west-1", false, "0.09", 2),
    ] {
        let workload = Workload {
            is_one_zone,
            stored: Stored {
                standard: gb("0.2"),
                infrequent: gb("0.8"),
                archive: gb("0"),
            },
            ..holding(Mode::Bursting, "0")
        };
        let total = estimate(&workload, region).total();
        assert_eq!(rounded(&total.usd, places), usd, "{region}");
    }
}

/// Which rate of Infrequent Access applies depends on the throughput mode; that of us-east-1 in elastic mode has no source.
#[test]
fn what_has_no_source_is_unknown_and_the_total_says_at_least() {
    let elastic = |region: &str| {
        let mut workload = holding(Mode::Elastic, "40");
        workload.stored.infrequent = gb("160");
        workload.moved.read = gb("1024");
        workload.moved.written = gb("100");
        shown(&estimate(&workload, region))
    };
    assert_eq!(
        elastic("us-east-1"),
        "standard 12.00, infrequent-access-elastic unknown, infrequent-access-read 0.00, infrequent-access-write 0.00, \
         elastic-read 30.72, elastic-write 6.00 = at least 48.72"
    );
    assert_eq!(
        elastic("us-east-2"),
        "standard 12.00, infrequent-access-elastic 2.56, infrequent-access-read 0.00, infrequent-access-write 0.00, \
         elastic-read 30.72, elastic-write 6.00 = 51.28"
    );
    let nothing = holding(Mode::Bursting, "0");
    assert_eq!(
        shown(&estimate(&nothing, "ap-south-1")),
        "standard 0.00 = 0.00"
    );
    let some = holding(Mode::Bursting, "10");
    let south = "standard unknown = at least 0.00";
    assert_eq!(shown(&estimate(&some, "ap-south-1")), south);
}
