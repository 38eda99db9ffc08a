"""Network definitions as plain torch modules. No files, no interface, nothing but torch."""
