"""What our records say beyond the standard: whose the page was."""

SOURCE, FEED, COUNTRY = "Warta-Source", "Warta-Feed", "Warta-Country"
# While a file is written its name ends so.
OPEN = ".open"
