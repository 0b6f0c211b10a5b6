//! `polyarch`: the command line of the verifier.

fn main() {}
