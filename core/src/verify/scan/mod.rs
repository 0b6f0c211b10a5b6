//! Scans a layer as it streams by: digest, size, unpacked digest, and programs with their CPU.

mod executable;
