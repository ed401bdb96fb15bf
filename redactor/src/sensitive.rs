//! Text that must not leave.
//!
//! Guarantees: `Debug` prints a length and nothing else, there is no `Display` and no `Serialize`,
//! and the memory is overwritten on drop. Not caught: copies that a caller makes of what
//! [`Sensitive::expose`] lends, and what the operating system swaps or dumps.

use std::fmt;

use zeroize::Zeroize;

/// A value whose content is never printed and is overwritten when dropped.
///
/// ```
/// use redactor::Sensitive;
///
/// let name = Sensitive::new(String::from("Jane Example"));
/// assert_eq!(format!("{name:?}"), "Sensitive<12 bytes>");
/// assert_eq!(name.expose(), "Jane Example");
/// ```
pub struct Sensitive<T: Zeroize>(T);

impl<T: Zeroize> Sensitive<T> {
    /// Takes the value in.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value. Every call is a place to look at in a review.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + AsRef<[u8]>> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive<{} bytes>", self.0.as_ref().len())
    }
}

impl<T: Zeroize> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize + Clone> Clone for Sensitive<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Zeroize> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    struct Probe(Rc<Cell<bool>>);

    impl Zeroize for Probe {
        fn zeroize(&mut self) {
            self.0.set(true);
        }
    }

    #[test]
    fn drop_overwrites_the_value() {
        let zeroed = Rc::new(Cell::new(false));
        drop(Sensitive::new(Probe(Rc::clone(&zeroed))));
        assert!(zeroed.get());
    }

    #[test]
    fn debug_prints_the_length_only() {
        let secret = Sensitive::from(String::from("hunter2"));
        assert_eq!(format!("{secret:?}"), "Sensitive<7 bytes>");
    }
}
