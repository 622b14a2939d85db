//! What holds for every month.

use efsctl::cost::exact::whole;
use efsctl::cost::{
    Estimate, Exact, GB, Item, Mode, Moved, Prices, Quantities, Rate, Stored, Workload, sum,
};
use num_traits::Zero;
use proptest::prelude::*;

const REGION: &str = "eu-west-1";

/// A price for everything, each another one.
fn prices() -> Prices {
    let mut prices = Prices::default();
    for (nth, item) in (1..).zip(Item::ALL) {
        let rate = Rate {
            usd: whole(nth) / whole(7),
            source: "a test".to_owned(),
            date: "2026".to_owned(),
        };
        prices.insert(REGION, item, rate);
    }
    prices
}

fn usd(quantities: &Quantities) -> Exact {
    let total = Estimate::of(quantities, &prices(), REGION).total();
    assert!(!total.at_least);
    total.usd
}

fn bytes() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 0..GB, 0..(1_u64 << 60)]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Bursting),
        Just(Mode::Elastic),
        (1_u64..=34_140).prop_map(|tenths| Mode::Provisioned(whole(tenths) / whole(10))),
    ]
}

/// Standard, Infrequent Access and Archive; read and written in all, of Infrequent Access, of Archive.
fn workload(mode: Mode, is_one_zone: bool, amounts: [u64; 9]) -> Workload {
    let [a, b, c, d, e, f, g, h, i] = amounts.map(|bytes| Some(whole(bytes)));
    Workload {
        mode,
        is_one_zone,
        stored: Stored {
            standard: a,
            infrequent: b,
            archive: c,
        },
        moved: Moved {
            read: d,
            written: e,
            infrequent_read: f,
            infrequent_written: g,
            archive_read: h,
            archive_written: i,
        },
    }
}

fn month(workload: &Workload) -> Exact {
    usd(&workload.quantities(&whole(1)))
}

proptest! {
    #[test]
    fn no_amount_is_negative(
        mode in mode(), is_one_zone: bool, amounts in prop::array::uniform9(bytes()),
    ) {
        let quantities = workload(mode, is_one_zone, amounts).quantities(&whole(1));
        let estimate = Estimate::of(&quantities, &prices(), REGION);
        for line in &estimate.lines {
            prop_assert!(line.amount().unwrap() >= whole(0), "{line:?}");
        }
    }

    /// What is stored and provisioned stays; what moves is cut anywhere.
    #[test]
    fn a_month_costs_the_same_however_it_is_split(
        mode in mode(), is_one_zone: bool, amounts in prop::array::uniform9(bytes()),
        cuts in prop::collection::vec(0_u64..=744, 0..6), share in 0_u64..=1000,
    ) {
        let mut cuts = [vec![0, 744], cuts].concat();
        cuts.sort_unstable();
        let whole_month = workload(mode, is_one_zone, amounts);
        let mut parts = Quantities::new();
        let mut left = whole_month.moved.clone();
        for (nth, cut) in cuts.windows(2).enumerate() {
            let is_last = nth + 2 == cuts.len();
            let mut part = whole_month.clone();
            let take = |left: &mut Option<Exact>| {
                let bytes = left.take().unwrap();
                let taken = if is_last { bytes.clone() } else { &bytes * whole(share) / whole(1000) };
                *left = Some(bytes - &taken);
                Some(taken)
            };
            part.moved = Moved {
                read: take(&mut left.read),
                written: take(&mut left.written),
                infrequent_read: take(&mut left.infrequent_read),
                infrequent_written: take(&mut left.infrequent_written),
                archive_read: take(&mut left.archive_read),
                archive_written: take(&mut left.archive_written),
            };
            parts = sum(parts, part.quantities(&(whole(cut[1] - cut[0]) / whole(744))));
        }
        prop_assert!(left.read.unwrap().is_zero());
        prop_assert_eq!(usd(&parts), month(&whole_month));
    }

    /// Of elastic and bursting. Not of provisioned: 20 GB of Standard storage include 1 MiB/s.
    #[test]
    fn more_of_anything_never_costs_less(
        is_elastic: bool, is_one_zone: bool, amounts in prop::array::uniform9(bytes()),
        which in 0_usize..9, more in bytes(),
    ) {
        let mode = || if is_elastic { Mode::Elastic } else { Mode::Bursting };
        let before = month(&workload(mode(), is_one_zone, amounts));
        let mut grown = amounts;
        grown[which] += more;
        let after = month(&workload(mode(), is_one_zone, grown));
        prop_assert!(after >= before, "{after} < {before}");
        let is_billed = is_elastic || !(3..5).contains(&which);
        prop_assert_eq!(after > before, more > 0 && is_billed);
    }

    #[test]
    fn classes_add_up(
        is_elastic: bool, is_one_zone: bool, amounts in prop::array::uniform9(bytes()),
    ) {
        let mode = || if is_elastic { Mode::Elastic } else { Mode::Bursting };
        let all = month(&workload(mode(), is_one_zone, amounts));
        let one_by_one = (0..9).map(|nth| {
            let mut one = [0; 9];
            one[nth] = amounts[nth];
            month(&workload(mode(), is_one_zone, one))
        });
        prop_assert_eq!(one_by_one.fold(whole(0), |sum, usd| sum + usd), all);
    }

    /// What is unknown is never counted, and never forgotten.
    #[test]
    fn an_unknown_quantity_makes_the_total_at_least(
        mode in mode(), is_one_zone: bool, amounts in prop::array::uniform9(1..GB), which in 0_usize..9,
    ) {
        let known = workload(mode.clone(), is_one_zone, amounts);
        let mut workload = known.clone();
        let (stored, moved) = (&mut workload.stored, &mut workload.moved);
        let all = [
            &mut stored.standard, &mut stored.infrequent, &mut stored.archive,
            &mut moved.read, &mut moved.written,
            &mut moved.infrequent_read, &mut moved.infrequent_written,
            &mut moved.archive_read, &mut moved.archive_written,
        ];
        *all.into_iter().nth(which).unwrap() = None;
        let total = Estimate::of(&workload.quantities(&whole(1)), &prices(), REGION).total();
        let is_billed = mode == Mode::Elastic || !(3..5).contains(&which);
        prop_assert_eq!(total.at_least, is_billed);
        prop_assert!(total.usd <= month(&known));
        prop_assert_eq!(total.usd < month(&known), is_billed);
    }
}
