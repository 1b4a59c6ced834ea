"""From a line's picture to its words: crops, batches, characters, spelling, spaces."""
