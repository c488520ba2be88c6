//! Converts the bytes of a log to text: decompresses and decodes them, and converts line ends to line feeds.

use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;

/// Length of the beginning of a log, in bytes, that is used to detect its encoding and layout.
pub(super) const SAMPLE: usize = 1 << 20;
/// The first bytes of a gzip file (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// UTF-8 text in which every line ends with a line feed.
pub(super) type Text = Box<dyn Read>;

/// Opens a log. Without a given encoding, the byte order mark or the beginning of the log determines it.
///
/// # Errors
/// If the beginning cannot be read.
pub(super) fn text(input: impl Read + 'static, encoding: Option<&'static Encoding>) -> io::Result<Text> {
    let (start, input) = peek(input, GZIP.len())?;
    let bytes: Text = if start == GZIP { Box::new(MultiGzDecoder::new(input)) } else { Box::new(input) };
    let (start, bytes) = peek(bytes, SAMPLE)?;
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding.unwrap_or_else(|| guess(&start))))
        .bom_override(true)
        .strip_bom(true)
        .build(bytes);
    // A last line without a line end gets one, so that lines can be counted by their ends.
    Ok(Box::new(LineFeeds { inner: decoded.chain(&b"\n"[..]), is_after_return: false }))
}

/// The first bytes of an input, and an input that still has them.
pub(super) fn peek<R: Read>(mut input: R, bytes: usize) -> io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::new();
    input.by_ref().take(bytes as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(input)))
}

/// In UTF-16, most characters of a log have a zero byte. Text in another encoding is hardly ever valid UTF-8.
fn guess(start: &[u8]) -> &'static Encoding {
    let zeros = |first| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even.max(odd) > start.len() / 8 {
        return if odd > even { UTF_16LE } else { UTF_16BE };
    }
    match std::str::from_utf8(start) {
        Err(error) if error.error_len().is_some() => WINDOWS_1252,
        // The sample may end within a character.
        Ok(_) | Err(_) => UTF_8,
    }
}

/// Replaces each carriage return, with or without a following line feed, by a line feed.
struct LineFeeds<R> {
    inner: R,
    is_after_return: bool,
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(out)?;
            let mut kept = 0;
            for place in 0..read {
                let byte = out.get(place).copied().unwrap_or_default();
                let was_return = std::mem::replace(&mut self.is_after_return, byte == b'\r');
                if was_return && byte == b'\n' {
                    continue;
                }
                if let Some(slot) = out.get_mut(kept) {
                    *slot = if byte == b'\r' { b'\n' } else { byte };
                }
                kept += 1;
            }
            // Returning 0 would mean the end of the log.
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use encoding_rs::Encoding;
    use flate2::{Compression, write::GzEncoder};

    use super::text;

    fn read(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
        let mut read = String::new();
        text(std::io::Cursor::new(bytes.to_vec()), encoding).unwrap().read_to_string(&mut read).unwrap();
        read
    }

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn the_encoding_is_found() {
        let log = "case;actor\n7;Jörg\n";
        for bytes in [
            log.as_bytes().to_vec(),
            [&b"\xef\xbb\xbf"[..], log.as_bytes()].concat(),
            utf_16(log, u16::to_le_bytes),
            utf_16(&format!("\u{feff}{log}"), u16::to_be_bytes),
            utf_16(log, u16::to_be_bytes),
            b"case;actor\n7;J\xf6rg\n".to_vec(),
        ] {
            assert_eq!(read(&bytes, None), format!("{log}\n"), "{bytes:?}");
        }
        assert_eq!(read(b"J\xf6", Encoding::for_label(b"iso-8859-1")), "Jö\n");
        assert_eq!(read(b"\x83e", Encoding::for_label(b"shift_jis")), "テ\n");
        assert_eq!(read(b"", None), "\n");
    }

    #[test]
    fn every_line_ends_with_a_line_feed() {
        assert_eq!(read(b"a\r\nb\rc\n\r\n\r\rd", None), "a\nb\nc\n\n\n\nd\n");
    }

    #[test]
    fn a_gzip_file_of_several_members_is_unpacked() {
        let pack = |text: &str| {
            let mut packed = GzEncoder::new(Vec::new(), Compression::default());
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap()
        };
        assert_eq!(read(&[pack("a\r\n"), pack("b")].concat(), None), "a\nb\n");
    }
}
