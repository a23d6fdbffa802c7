"""News in: feeds are polled, pages fetched, pushes taken; what is new or changed becomes a raw article.

feeds -> poll -> pages.found -> fetcher -> extraction -> sameness -> registry -> articles.raw
push ------------------------------------------------------------------^
"""
