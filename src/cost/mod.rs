//! What a file system costs: pure, and without rounding before an amount is shown.
//!
//! A [`Workload`] says what is held and moved, and in which mode; its [`Quantities`] are what AWS bills; with [`Prices`] they are an
//! [`Estimate`]. What is unknown, a quantity or a rate, stays unknown up to the total, which then is "at least".

mod compare;
mod estimate;
pub mod exact;
mod item;
mod prices;
mod size;
mod workload;

pub use self::compare::{BreakEven, Choice, Classes, Comparison, DAYS, Side};
pub use self::estimate::{Estimate, Line, NOT_INCLUDED, Total};
pub use self::exact::Exact;
pub use self::item::{Item, Part, Unit};
pub use self::prices::{InvalidPrices, Prices, Rate};
pub use self::size::{GB, Share, Size};
pub use self::workload::{Mode, Moved, Quantities, Stored, Workload, in_gb, included, sum};
