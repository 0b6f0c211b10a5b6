//! A zip archive of small files, stored without compression: what every unpacker reads, in a page.

/// The archive of these files, by path. Paths are taken as UTF-8; times are the format's first day.
pub(crate) fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    let mut count = 0_u16;
    for (path, bytes) in files {
        let offset = u32(archive.len());
        let common = common(path, bytes);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&common);
        archive.extend_from_slice(path.as_bytes());
        archive.extend_from_slice(bytes);

        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&20_u16.to_le_bytes());
        directory.extend_from_slice(&common);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(path.as_bytes());
        count += 1;
    }
    let (start, size) = (u32(archive.len()), u32(directory.len()));
    archive.append(&mut directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&size.to_le_bytes());
    archive.extend_from_slice(&start.to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    archive
}

/// What both headers of a file have in common, from the version to the lengths.
fn common(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(26);
    header.extend_from_slice(&20_u16.to_le_bytes());
    // Bit 11: the name is UTF-8. Method 0: stored. Time 0 of 1 January 1980.
    for field in [0x0800_u16, 0, 0, 0x21] {
        header.extend_from_slice(&field.to_le_bytes());
    }
    header.extend_from_slice(&crc32(bytes).to_le_bytes());
    for _ in 0..2 {
        header.extend_from_slice(&u32(bytes.len()).to_le_bytes());
    }
    let length = u16::try_from(path.len()).unwrap_or(u16::MAX);
    header.extend_from_slice(&length.to_le_bytes());
    header.extend_from_slice(&[0, 0]);
    header
}

fn u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn python_unpacks_it() {
        let files = [
            ("Dockerfile".to_owned(), b"FROM a\n".to_vec()),
            ("ci/\u{4e2d}.yml".to_owned(), Vec::new()),
        ];
        let path = std::env::temp_dir().join(format!("polyarch-{}.zip", std::process::id()));
        std::fs::write(&path, zip(&files)).expect("the temporary folder is writable");
        let listed = std::process::Command::new("python3")
            .args(["-m", "zipfile", "-t"])
            .arg(&path)
            .output();
        std::fs::remove_file(&path).expect("it was just written");
        if let Ok(listed) = listed {
            let text = String::from_utf8_lossy(&listed.stdout).into_owned();
            assert!(listed.status.success(), "{text}");
        }
    }
}
