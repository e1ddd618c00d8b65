//! Savdo.
