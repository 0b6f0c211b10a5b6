//! Single values that BuildKit checks while it converts: signals, file modes, ports, durations.
//! Texts of refusals are BuildKit's.

use crate::dockerfile::quote;

/// `signal.ParseSignal`.
pub(super) fn check_signal(text: &str) -> Result<(), String> {
    let refused = || format!("invalid signal: {text}");
    if let Some(number) = go_integer(text) {
        return if number == 0 { Err(refused()) } else { Ok(()) };
    }
    let upper = text.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let known = SIGNALS.contains(&name) || is_realtime(name);
    if known { Ok(()) } else { Err(refused()) }
}

const SIGNALS: [&str; 36] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
    "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
    "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
];

/// `RTMIN+1` to `RTMIN+15`, `RTMAX-1` to `RTMAX-14`.
fn is_realtime(name: &str) -> bool {
    let (offset, limit) = match (name.strip_prefix("RTMIN+"), name.strip_prefix("RTMAX-")) {
        (Some(offset), _) => (offset, 15),
        (None, Some(offset)) => (offset, 14),
        (None, None) => return false,
    };
    !offset.starts_with(['0', '+']) && offset.parse::<u8>().is_ok_and(|n| (1..=limit).contains(&n))
}

/// Go's `strconv.Atoi`.
fn go_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// `--chmod`: octal up to 07777, or chmod(1)'s symbolic form.
pub(super) fn check_mode(text: &str) -> Result<(), String> {
    let not_octal = || {
        format!(
            "invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"
        )
    };
    let octal = !text.is_empty() && text.bytes().all(|b| (b'0'..=b'7').contains(&b));
    if octal {
        let number = u32::from_str_radix(text, 8);
        return match number {
            Ok(number) if number <= 0o7777 => Ok(()),
            _ => Err(not_octal()),
        };
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(not_octal());
    }
    if is_symbolic_mode(text) {
        Ok(())
    } else {
        Err("invalid syntax".to_owned())
    }
}

/// `[augo]*[-+=][rwxXstugo]*…[,…]`, as the mode library reads it.
fn is_symbolic_mode(text: &str) -> bool {
    text.split(',').all(|clause| {
        let rest = clause.trim_start_matches(['a', 'u', 'g', 'o']);
        rest.starts_with(['+', '-', '=']) && rest.chars().all(|c| "+-=rwxXstugo".contains(c))
    })
}

/// `digest.Parse` of go-digest.
pub(super) fn check_digest(text: &str) -> Result<(), &'static str> {
    const FORMAT: &str = "invalid checksum digest format";
    let (algorithm, encoded) = text.split_once(':').ok_or(FORMAT)?;
    if algorithm.is_empty() || encoded.is_empty() {
        return Err(FORMAT);
    }
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => {
            let is_name = |part: &str| {
                let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
                !part.is_empty() && part.bytes().all(plain)
            };
            let is_encoded = |b: u8| b.is_ascii_alphanumeric() || b"=_-".contains(&b);
            let well_formed = algorithm.split(['.', '+', '_', '-']).all(is_name)
                && encoded.bytes().all(is_encoded);
            return Err(if well_formed {
                "unsupported digest algorithm"
            } else {
                FORMAT
            });
        }
    };
    if encoded.len() != length {
        return Err("invalid checksum digest length");
    }
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if encoded.bytes().all(is_hex) {
        Ok(())
    } else {
        Err(FORMAT)
    }
}

/// One word of EXPOSE, taken apart.
pub(super) struct Port {
    /// `80/tcp`, one for each port of the range.
    pub(super) exposed: Vec<String>,
    /// The protocol is not in lower case.
    pub(super) odd_protocol: bool,
    /// An address or a host port stands before the port.
    pub(super) mapped: bool,
}

/// `[ip:]public:private/proto`. Lint facts hold even where the rest is refused.
pub(super) fn port(raw: &str) -> Result<Port, (Option<Port>, String)> {
    let (ip, host, container) = split_port(raw);
    let (protocol, container) = split_protocol(container)
        .map_err(|why| (None, format!("invalid port: {}: {why}", quote(raw))))?;
    let mut port = Port {
        exposed: Vec::new(),
        odd_protocol: protocol != protocol.to_lowercase(),
        mapped: !ip.is_empty() || !host.is_empty(),
    };
    match port_numbers(&ip, host, container) {
        Ok((first, last)) => {
            let protocol = protocol.to_lowercase();
            port.exposed = (first..=last)
                .map(|number| format!("{number}/{protocol}"))
                .collect();
            Ok(port)
        }
        Err(why) => Err((Some(port), why)),
    }
}

fn port_numbers(ip: &str, host: &str, container: &str) -> Result<(u32, u32), String> {
    check_address(ip)?;
    let (first, last) =
        port_range(container).ok_or_else(|| format!("invalid containerPort: {container}"))?;
    if !host.is_empty() {
        let (host_first, host_last) =
            port_range(host).ok_or_else(|| format!("invalid hostPort: {host}"))?;
        if last - first != host_last - host_first && last != first {
            return Err(format!(
                "invalid ranges specified for container and host Ports: {container} and {host}"
            ));
        }
    }
    Ok((first, last))
}

fn check_address(ip: &str) -> Result<(), String> {
    let mut bare = ip;
    if let Some(inner) = ip.strip_prefix('[') {
        bare = match inner.split_once(']') {
            Some((address, "")) => address,
            Some(_) => {
                return Err(format!(
                    "invalid IP address {ip}: address {ip}:: too many colons in address"
                ));
            }
            None => {
                return Err(format!(
                    "invalid IP address {ip}: address {ip}:: missing ']' in address"
                ));
            }
        };
    }
    if bare.is_empty() && ip.is_empty() || bare.parse::<std::net::IpAddr>().is_ok() {
        Ok(())
    } else {
        Err(format!("invalid IP address: {bare}"))
    }
}

fn split_port(raw: &str) -> (String, &str, &str) {
    let mut parts = raw.rsplitn(3, ':');
    let container = parts.next().unwrap_or_default();
    let host = parts.next().unwrap_or_default();
    let ip = parts.next().unwrap_or_default().to_owned();
    (ip, host, container)
}

fn split_protocol(raw: &str) -> Result<(&str, &str), String> {
    let (port, protocol) = raw.split_once('/').unwrap_or((raw, ""));
    if port.is_empty() {
        return Err("no port specified".to_owned());
    }
    match protocol.to_lowercase().as_str() {
        "" => Ok(("tcp", port)),
        "tcp" | "udp" | "sctp" => Ok((protocol, port)),
        _ => Err(format!("invalid proto: {protocol}")),
    }
}

fn port_range(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| {
        let number = go_integer(text)?;
        u32::try_from(number).ok().filter(|n| *n <= 65_535)
    };
    let (start, end) = match text.split_once('-') {
        None => (text, None),
        Some((start, end)) => (start, Some(end)),
    };
    let first = number(start)?;
    match end {
        None => Some((first, first)),
        Some(end) if end == start => Some((first, first)),
        Some(end) => number(end)
            .filter(|last| *last >= first)
            .map(|last| (first, last)),
    }
}

/// Go's `time.Duration.String`.
pub(super) fn duration(nanoseconds: i64) -> String {
    let total = nanoseconds.unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let text = match total {
        0 => "0s".to_owned(),
        1..1_000 => format!("{total}ns"),
        1_000..1_000_000 => format!("{}µs", decimal(total, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", decimal(total, 1_000_000)),
        _ => {
            let seconds = total / 1_000_000_000;
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            let rest = decimal(total % 60_000_000_000, 1_000_000_000);
            match (hours, minutes) {
                (0, 0) => format!("{rest}s"),
                (0, minutes) => format!("{minutes}m{rest}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{rest}s"),
            }
        }
    };
    format!("{sign}{text}")
}

/// `value / unit` with as many decimals as it has.
fn decimal(value: u64, unit: u64) -> String {
    let (whole, fraction) = (value / unit, value % unit);
    if fraction == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    let digits = format!("{fraction:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_and_modes() {
        for good in ["SIGTERM", "term", "9", "RTMIN+3", "sigrtmax-14"] {
            assert_eq!(check_signal(good), Ok(()), "{good}");
        }
        for bad in ["FOO", "0", "RTMIN+16", "RTMAX-15", "", "SIGSIGTERM"] {
            assert_eq!(check_signal(bad), Err(format!("invalid signal: {bad}")));
        }
        for good in ["755", "0644", "u+x", "a=rX,go-w", "+x"] {
            assert_eq!(check_mode(good), Ok(()), "{good}");
        }
        assert_eq!(check_mode("u?x"), Err("invalid syntax".to_owned()));
        assert!(check_mode("999").unwrap_err().starts_with("invalid chmod"));
    }

    #[test]
    fn ports_and_their_refusals() {
        let exposed = |text| port(text).map(|port| port.exposed).map_err(|(_, why)| why);
        assert_eq!(exposed("80"), Ok(vec!["80/tcp".to_owned()]));
        assert_eq!(
            exposed("1-2/UDP"),
            Ok(vec!["1/udp".to_owned(), "2/udp".to_owned()])
        );
        assert_eq!(exposed("127.0.0.1:80:90"), Ok(vec!["90/tcp".to_owned()]));
        for (text, expected) in [
            ("abc", "invalid containerPort: abc"),
            ("80/foo", "invalid port: \"80/foo\": invalid proto: foo"),
            ("", "invalid port: \"\": no port specified"),
            ("70000", "invalid containerPort: 70000"),
            ("x:1:2", "invalid IP address: x"),
            (
                "1-3:5-9",
                "invalid ranges specified for container and host Ports: 5-9 and 1-3",
            ),
        ] {
            assert_eq!(exposed(text), Err(expected.to_owned()));
        }
    }

    #[test]
    fn durations_as_go_prints_them() {
        for (nanoseconds, expected) in [
            (0, "0s"),
            (1_500_000, "1.5ms"),
            (30_000_000_000, "30s"),
            (90_500_000_000, "1m30.5s"),
            (3_600_000_000_000, "1h0m0s"),
        ] {
            assert_eq!(duration(nanoseconds), expected);
        }
    }
}
