//! Numbers that look random and are the same in every run: what is asked for, two runs ask alike.

/// Dice by xorshift.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that begin here.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    /// Any number above zero.
    pub(crate) fn number(&mut self) -> i64 {
        self.roll();
        i64::try_from(self.0 >> 1).unwrap_or(i64::MAX)
    }

    fn roll(&mut self) {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        self.roll();
        let count = u64::try_from(all.len()).ok().filter(|count| *count > 0)?;
        all.get(usize::try_from(self.0 % count).ok()?)
    }

    /// Three of these, no two alike, in their order.
    pub(crate) fn three<T: Copy + Ord>(&mut self, all: &[T]) -> Vec<T> {
        let mut picked = Vec::new();
        while picked.len() < 3.min(all.len()) {
            match self.pick(all) {
                Some(one) if !picked.contains(one) => picked.push(*one),
                _ => {}
            }
        }
        picked.sort_unstable();
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_three_and_the_same_in_every_run() {
        let all: Vec<u32> = (0..50).collect();
        let (mut one, mut other) = (Dice::new(7), Dice::new(7));

        for _ in 0..100 {
            let three = one.three(&all);
            assert!(three.is_sorted_by(|a, b| a < b), "{three:?}");
            assert_eq!(three.len(), 3);
            assert_eq!(three, other.three(&all));
        }
        assert_eq!(one.three(&[1, 2]), [1, 2]);
    }
}
