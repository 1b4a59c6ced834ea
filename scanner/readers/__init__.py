"""Files of every kind -> upright RGB arrays, page by page.

`sniff` tells what a file is; `picture`, `tiff` and `pdf` each hold the reader of one kind.
"""
