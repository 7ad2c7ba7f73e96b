//! Sound as a WAV file, which every player knows.

/// Returns a WAV file of one channel of 16-bit samples, little endian, `rate` of
/// them in a second.
pub(super) fn of_samples(samples: &[u8], rate: u32) -> Vec<u8> {
    const CHANNELS: u16 = 1;
    const SAMPLE_BYTES: u16 = 2;
    const SAMPLE_BITS: u16 = 16;
    const PLAIN: u16 = 1;
    // A sound is bounded far below this.
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(PLAIN.to_le_bytes());
    file.extend(CHANNELS.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(SAMPLE_BYTES)).to_le_bytes());
    file.extend(SAMPLE_BYTES.to_le_bytes());
    file.extend(SAMPLE_BITS.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_head_says_how_long_the_sound_is() {
        let file = super::of_samples(&[1, 2, 3, 4], 22_050);
        assert_eq!(file.len(), 48);
        assert_eq!(&file[..12], b"RIFF\x28\0\0\0WAVE");
        assert_eq!(&file[24..28], &22_050_u32.to_le_bytes());
        assert_eq!(&file[36..], b"data\x04\0\0\0\x01\x02\x03\x04");
    }
}
