"""What is printed on the sample pages, one module a document. All of it is invented."""
