//! The regions that are known, and what is special about each.

use std::borrow::Cow;

use super::RegionFacts;

const ABC: &[char] = &['a', 'b', 'c'];
const ABCD: &[char] = &['a', 'b', 'c', 'd'];
const ABCDEF: &[char] = &['a', 'b', 'c', 'd', 'e', 'f'];

macro_rules! regions {
    ($($name:literal $prefix:literal $zones:ident $opt_in:ident $one_zone:tt $long_name:literal;)*) => {
        &[$(RegionFacts {
            name: Cow::Borrowed($name),
            zone_prefix: Cow::Borrowed($prefix),
            zones: $zones,
            long_name: Cow::Borrowed($long_name),
            needs_opt_in: opt_in!($opt_in),
            one_zone: &$one_zone,
        }),*]
    };
}

macro_rules! opt_in {
    (opt_in) => {
        true
    };
    (on) => {
        false
    };
}

/// Every region that is known: its zones, whether it has to be enabled, the zones with One Zone file systems (none: all).
#[rustfmt::skip]
pub static REGIONS: &[RegionFacts] = regions! {
    "af-south-1"      "afs1"   ABC    opt_in [] "Africa (Cape Town)";
    "ap-east-1"       "ape1"   ABC    opt_in [] "Asia Pacific (Hong Kong)";
    "ap-east-2"       "ape2"   ABC    opt_in [] "Asia Pacific (Taipei)";
    "ap-northeast-1"  "apne1"  ABC    on     [1, 4] "Asia Pacific (Tokyo)";
    "ap-northeast-2"  "apne2"  ABCD   on     [] "Asia Pacific (Seoul)";
    "ap-northeast-3"  "apne3"  ABC    on     [] "Asia Pacific (Osaka)";
    "ap-south-1"      "aps1"   ABC    on     [] "Asia Pacific (Mumbai)";
    "ap-south-2"      "aps2"   ABC    opt_in [] "Asia Pacific (Hyderabad)";
    "ap-southeast-1"  "apse1"  ABC    on     [1, 2] "Asia Pacific (Singapore)";
    "ap-southeast-2"  "apse2"  ABC    on     [] "Asia Pacific (Sydney)";
    "ap-southeast-3"  "apse3"  ABC    opt_in [] "Asia Pacific (Jakarta)";
    "ap-southeast-4"  "apse4"  ABC    opt_in [] "Asia Pacific (Melbourne)";
    "ap-southeast-5"  "apse5"  ABC    opt_in [] "Asia Pacific (Malaysia)";
    "ap-southeast-6"  "apse6"  ABC    opt_in [] "Asia Pacific (New Zealand)";
    "ap-southeast-7"  "apse7"  ABC    opt_in [] "Asia Pacific (Thailand)";
    "ca-central-1"    "cac1"   ABC    on     [1, 2] "Canada (Central)";
    "ca-west-1"       "caw1"   ABC    opt_in [] "Canada West (Calgary)";
    "cn-north-1"      "cnn1"   ABC    on     [] "China (Beijing)";
    "cn-northwest-1"  "cnnw1"  ABC    on     [] "China (Ningxia)";
    "eu-central-1"    "euc1"   ABC    on     [] "Europe (Frankfurt)";
    "eu-central-2"    "euc2"   ABC    opt_in [] "Europe (Zurich)";
    "eu-isoe-west-1"  "euiw1"  ABC    on     [] "EU ISOE West";
    "eu-north-1"      "eun1"   ABC    on     [] "Europe (Stockholm)";
    "eu-south-1"      "eus1"   ABC    opt_in [] "Europe (Milan)";
    "eu-south-2"      "eus2"   ABC    opt_in [] "Europe (Spain)";
    "eu-west-1"       "euw1"   ABC    on     [] "Europe (Ireland)";
    "eu-west-2"       "euw2"   ABC    on     [1, 2] "Europe (London)";
    "eu-west-3"       "euw3"   ABC    on     [1, 3] "Europe (Paris)";
    "eusc-de-east-1"  "eusce1" ABC    on     [] "AWS European Sovereign Cloud (Germany)";
    "il-central-1"    "ilc1"   ABC    opt_in [] "Israel (Tel Aviv)";
    "me-central-1"    "mec1"   ABC    opt_in [] "Middle East (UAE)";
    "me-south-1"      "mes1"   ABC    opt_in [] "Middle East (Bahrain)";
    "mx-central-1"    "mxc1"   ABC    opt_in [] "Mexico (Central)";
    "sa-east-1"       "sae1"   ABC    on     [] "South America (Sao Paulo)";
    "us-east-1"       "use1"   ABCDEF on     [1, 2, 4, 5, 6] "US East (N. Virginia)";
    "us-east-2"       "use2"   ABC    on     [] "US East (Ohio)";
    "us-gov-east-1"   "usge1"  ABC    on     [] "AWS GovCloud (US-East)";
    "us-gov-west-1"   "usgw1"  ABC    on     [] "AWS GovCloud (US-West)";
    "us-iso-east-1"   "usie1"  ABC    on     [] "US ISO East";
    "us-iso-west-1"   "usiw1"  ABC    on     [] "US ISO West";
    "us-isob-east-1"  "usibe1" ABC    on     [] "US ISOB East (Ohio)";
    "us-isof-east-1"  "usife1" ABC    on     [] "US ISOF East";
    "us-isof-south-1" "usifs1" ABC    on     [] "US ISOF South";
    "us-west-1"       "usw1"   ABC    on     [1, 3] "US West (N. California)";
    "us-west-2"       "usw2"   ABCD   on     [] "US West (Oregon)";
};
