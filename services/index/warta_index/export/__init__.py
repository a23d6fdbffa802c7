"""Articles of the index into a file: pages of a point in time -> lines of a part -> the file."""
