"""The push API: publishers hand articles in over HTTP, and get an answer for each one."""
