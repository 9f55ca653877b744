// Nothing is compiled: `cargo vendor` only needs a package to stand in.
