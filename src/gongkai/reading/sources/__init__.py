"""One module per kind of file; each turns bytes into the rows of :mod:`gongkai.reading.stream`."""
