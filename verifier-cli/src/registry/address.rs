//! Which addresses belong to this machine or its network, and which to the world.
//!
//! A public registry may not send us to a private address: that is how a server is made to read
//! its own network (cloud metadata, routers, databases on loopback). Names are looked up elsewhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// The address that a host text is, if it is one; brackets around IPv6 are fine.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse().ok()
}

/// Whether a host (without port) is this machine by its text: `localhost`, 127.0.0.0/8, `::1`.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    let name = lower.strip_suffix('.').unwrap_or(&lower);
    name == "localhost"
        || name.ends_with(".localhost")
        || literal(name).is_some_and(|address| canonical(address).is_loopback())
}

/// Whether a URL names something private by its text alone; a name that must be looked up is not.
pub(crate) fn is_private_by_text(url: &Url) -> bool {
    url.host_str()
        .is_none_or(|host| is_loopback_host(host) || literal(host).is_some_and(is_private))
}

/// Whether a URL names a link-local address by its text: cloud metadata lives there, and no
/// registry does, not even a private one.
pub(crate) fn is_link_local_by_text(url: &Url) -> bool {
    let address = url.host_str().and_then(literal).map(canonical);
    match address {
        Some(IpAddr::V4(v4)) => v4.is_link_local(),
        Some(IpAddr::V6(v6)) => (v6.segments()[0] & 0xffc0) == 0xfe80,
        None => false,
    }
}

/// Loopback, private, link-local, shared, documentation, multicast and reserved addresses, also
/// when an IPv6 address only wraps one of them.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match canonical(address) {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    address.is_unspecified()
        || address.is_loopback()
        || (first & 0xfe00) == 0xfc00
        || (first & 0xffc0) == 0xfe80
        || (first & 0xff00) == 0xff00
        || (first == 0x2001 && address.segments()[1] == 0x0db8)
}

/// Unwraps IPv4 from mapped, compatible, NAT64 and 6to4 forms.
fn canonical(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else {
        return address;
    };
    let segments = v6.segments();
    let wrapped = |high: u16, low: u16| {
        let bits = u32::from(high) << 16 | u32::from(low);
        IpAddr::V4(Ipv4Addr::from_bits(bits))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            wrapped(high, low)
        }
        // `::` and `::1` are themselves; the rest of ::/96 is the old compatible form.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => wrapped(high, low),
        [0x2002, high, low, ..] => wrapped(high, low),
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_public_addresses_are_told_apart() {
        for (text, expected) in [
            ("127.0.0.1", true),
            ("127.8.9.10", true),
            ("0.0.0.0", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("172.32.0.1", false),
            ("192.168.1.1", true),
            ("169.254.169.254", true),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("198.18.0.1", true),
            ("224.0.0.1", true),
            ("255.255.255.255", true),
            ("8.8.8.8", false),
            ("::", true),
            ("::1", true),
            ("fe80::1", true),
            ("fd00::1", true),
            ("fd00:ec2::254", true),
            ("::ffff:127.0.0.1", true),
            ("::ffff:8.8.8.8", false),
            ("64:ff9b::7f00:1", true),
            ("2002:7f00:1::", true),
            ("2606:4700::1111", false),
        ] {
            assert_eq!(is_private(text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn urls_that_hide_a_private_address_are_seen_through() {
        for (text, expected) in [
            ("http://localhost:5000/", true),
            ("http://LOCALHOST./", true),
            ("http://app.localhost/", true),
            ("http://0x7f.1/", true),
            ("http://2130706433/", true),
            ("http://[::ffff:7f00:1]/", true),
            ("http://127.0.0.1.example.com/", false),
            ("https://ghcr.io/", false),
        ] {
            let url: Url = text.parse().unwrap();
            assert_eq!(is_private_by_text(&url), expected, "{text}");
        }
    }
}
