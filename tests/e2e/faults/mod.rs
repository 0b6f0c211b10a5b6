//! The fault registry: what registries, proxies and attackers do, one case a sentence, against the
//! real `polyarch verify`.

mod case;
mod documents;
mod injection;
mod limits;
mod logins;
mod numbers;
mod options;
mod redirects;
mod retries;
pub(crate) mod script;
pub(crate) mod server;
mod transport;
mod waves;

use std::collections::BTreeSet;

use crate::options::verify_options;
use case::run_all;

#[test]
fn documents_that_are_not_what_they_should_be() {
    run_all(&documents::cases());
}

#[test]
fn answers_without_measure() {
    run_all(&limits::cases());
}

#[test]
fn logins_and_where_credentials_go() {
    run_all(&logins::cases());
}

#[test]
fn redirects_and_what_goes_with_them() {
    run_all(&redirects::cases());
}

#[test]
fn passing_faults_and_patience() {
    run_all(&retries::cases());
}

#[test]
fn every_option_matters_when_something_goes_wrong() {
    let cases = options::cases();
    let named: BTreeSet<String> = cases.iter().flat_map(case::Case::options).collect();
    assert_eq!(named, verify_options(), "an option without a sentence");
    run_all(&cases);
}

#[test]
fn sizes_that_are_none_and_cookies() {
    run_all(&numbers::cases());
}
