//! A reader that counts what passes, and fails when a piece or the whole is larger than it may be.

use super::super::bounds::Bound;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;

/// Counts over a part of a package.
pub(super) struct Meter<R> {
    inner: BufReader<R>,
    passed: u64,
    most: u64,
    piece: u64,
    most_of_piece: u64,
    beyond: Option<Bound>,
}

impl<R: Read> Meter<R> {
    /// Lets `most` bytes pass, and `most_of_piece` between two calls of [`Self::next_piece`].
    pub fn new(inner: BufReader<R>, most: u64, most_of_piece: u64) -> Self {
        Self { inner, passed: 0, most, piece: 0, most_of_piece, beyond: None }
    }

    /// Bytes that passed.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// A piece begins.
    pub fn next_piece(&mut self) {
        self.piece = 0;
    }

    /// The bound, once the reader failed by one.
    pub fn beyond(&self) -> Option<Bound> {
        self.beyond
    }
}

impl<R: Read> BufRead for Meter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.passed > self.most {
            self.beyond = Some(Bound::Unpacked);
        } else if self.piece > self.most_of_piece {
            self.beyond = Some(Bound::XmlPiece);
        }
        if self.beyond.is_some() {
            return Err(io::Error::other("beyond a bound"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.passed += amount as u64;
        self.piece += amount as u64;
        self.inner.consume(amount);
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let count = held.len().min(buffer.len());
        buffer[..count].copy_from_slice(&held[..count]);
        self.consume(count);
        Ok(count)
    }
}
