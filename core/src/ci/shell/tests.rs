//! Scripts and what they print, checked against bash by hand where bash could run them.
