"""Speed of the enrich step by step, in articles a second of one core, on articles of 3 KB.

    python tests/bench/bench_enrich.py [--articles N] [--floor ARTICLES_PER_SECOND]

CPU time counts, and the best of several slices, so that a busy machine changes the figures less. Exit code 1
when the whole is below --floor.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from typing import TypeVar

from warta_enrich.models import Models, load_models
from warta_enrich.pipeline import enrich_read, read_passages
from warta_enrich.steps.dates import find_dates
from warta_enrich.steps.evidence import settle
from warta_enrich.steps.gazetteer import find_names
from warta_enrich.steps.language import detect_language
from warta_enrich.steps.laws import find_laws
from warta_enrich.steps.money import find_money
from warta_enrich.steps.people import find_people
from warta_enrich.steps.percentages import find_percentages
from warta_enrich.steps.tickers import find_tickers
from warta_enrich.steps.tokens import Passage, read_passage
from warta_enrich.steps.topics import find_topics
from warta_enrich.stories.signature import signature
from warta_enrich.tagger.labels import Span
from warta_shared.events import EnrichedArticle, RawArticle
from warta_shared.events.article import Source

Passages = tuple[Passage, Passage]
Item = TypeVar("Item")
ARTICLE_CHARACTERS = 3_000
BATCH = 16
SLICES = 8
# Figures and names as dense as in news: some paragraphs full of them, others without.
PARAGRAPHS_EN = (
    "The Ministry of Trade said on Tuesday (4 March 2025) that exports of small enterprises rose by 5.2 percent to"
    " US$ 3.4 billion, the highest in three years, as more firms found buyers in Japan and Malaysia.",
    "Most of them sell furniture, spices and clothes that are made in family workshops. Buyers complain less about"
    " quality than about late deliveries, and the ports are still slow when the rains come. Several owners said that"
    " they had turned down orders because nobody would lend them the money for wood and cloth.",
    "Deputy Minister Ratna Kusuma told reporters in Semarang that the government would ease permits under Law No. 11"
    " of 2020 and set aside Rp1.5 trillion for cheap loans. Bank Indonesia kept its benchmark rate unchanged.",
    "Bankers doubt that the loans will reach those who need them most. A small shop keeps no books, they say, and a"
    " field officer who visits ten villages a day cannot tell a good business from a bad one. Similar programmes in"
    " the past lent mostly to customers who would have found the money anyway.",
    "Governor of Central Java Bagus Wicaksono welcomed the plan, but asked for clearer rules on state-owned"
    " enterprises. Ratna answered that the Ministry of Investment/BKPM and the provinces would meet in June 2025.",
    "Until then the workshops will carry on as before. In one of them, behind the market, four women were sewing bags"
    " for a shop abroad whose name they did not know; the cloth had come on credit, and the credit from a cousin.",
)
PARAGRAPHS_ID = (
    "Kementerian Perdagangan menyatakan ekspor usaha mikro, kecil, dan menengah naik 5,2 persen menjadi 3,4 miliar"
    " dolar AS pada Selasa (4 Maret 2025), tertinggi dalam tiga tahun terakhir.",
    "Sebagian besar menjual mebel, rempah, dan pakaian yang dibuat di bengkel keluarga. Pembeli jarang mengeluhkan"
    " mutu; yang sering dikeluhkan adalah pengiriman yang terlambat, apalagi ketika hujan turun dan pelabuhan padat."
    " Beberapa pemilik mengaku menolak pesanan karena tidak ada yang mau meminjamkan uang untuk membeli kayu dan kain.",
    "Wakil Menteri Ratna Kusuma mengatakan di Semarang bahwa pemerintah akan menyederhanakan izin sesuai UU No. 11"
    " Tahun 2020 dan menyiapkan Rp1,5 triliun untuk kredit murah. Bank Indonesia menahan suku bunga acuan.",
    "Kalangan perbankan ragu kredit itu akan sampai kepada yang paling membutuhkan. Warung kecil tidak punya"
    " pembukuan, dan petugas lapangan yang mendatangi sepuluh desa sehari sulit membedakan usaha yang sehat dari yang"
    " tidak. Program serupa dahulu lebih banyak mengalir kepada nasabah lama.",
    "Gubernur Jawa Tengah Bagus Wicaksono menyambut rencana itu, tetapi meminta aturan yang lebih jelas bagi BUMN."
    " Ratna menjawab bahwa BKPM dan pemerintah provinsi akan bertemu lagi pada Juni 2025.",
    "Sampai saat itu bengkel-bengkel berjalan seperti biasa. Di salah satunya, di belakang pasar, empat perempuan"
    " menjahit tas untuk toko di luar negeri yang namanya tidak mereka ketahui; kainnya dibeli dengan utang, dan"
    " utangnya dari seorang sepupu.",
)


def main() -> int:
    """Print the table; 1 when the whole pipeline is slower than --floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=800, help="articles a measurement (default 800)")
    parser.add_argument("--floor", type=float, default=0.0, help="fail below this many articles a second")
    arguments = parser.parse_args()
    started = time.perf_counter()
    models = load_models()
    print(f"load {time.perf_counter() - started:.2f} s, RSS {rss():.0f} MB")
    articles = [article(PARAGRAPHS_EN), article(PARAGRAPHS_ID)]
    for name, step in steps(models).items():
        print(f"{name:<12} {rate(step, articles, arguments.articles):>9.0f} articles/s")
    batches = [articles * (BATCH // 2)]
    tagger = rate(lambda batch: tag(batch, models), batches, arguments.articles // BATCH) * BATCH
    print(f"{'tagger':<12} {tagger:>9.0f} articles/s   {BATCH} at once, with tokens")
    whole = rate(lambda batch: enrich_all(batch, models), batches, arguments.articles // BATCH) * BATCH
    print(f"{'enrich':<12} {whole:>9.0f} articles/s   RSS {rss():.0f} MB")
    print(f"two workers   {scaling(arguments.articles):>8.2f} times one (goal 1.8)")
    return 1 if whole < arguments.floor else 0


def scaling(count: int) -> float:
    """Articles a second by the clock of two processes at once against one: the best of three pairs of runs."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(enrich_some, [BATCH] * 2))  # models are loaded
        ratios = []
        for _ in range(3):
            alone = seconds_for_all(pool, [count])
            ratios.append(2 * alone / seconds_for_all(pool, [count] * 2))
    return max(ratios)


def seconds_for_all(pool: ProcessPoolExecutor, counts: Sequence[int]) -> float:
    """By the clock, from the first article to the last."""
    started = time.perf_counter()
    list(pool.map(enrich_some, counts))
    return time.perf_counter() - started


def enrich_some(count: int) -> None:
    """Enrich so many articles in this process, which keeps its models."""
    batch = [article(PARAGRAPHS_EN), article(PARAGRAPHS_ID)] * (BATCH // 2)
    for _ in range(max(1, count // BATCH)):
        enrich_all(batch, loaded())


@cache
def loaded() -> Models:
    """The models of this process."""
    return load_models()


def article(paragraphs: tuple[str, ...]) -> RawArticle:
    """An article whose body has ARTICLE_CHARACTERS characters."""
    text = "\n\n".join(paragraphs)
    seen = datetime(2025, 3, 5, tzinfo=UTC)
    return RawArticle(
        id="a" * 26,
        observed_at=1,
        first_seen_at=seen,
        title=paragraphs[0][:80],
        body=(f"{text}\n\n" * 10)[:ARTICLE_CHARACTERS],
        source=Source(id="BENCH"),
        word_count=1,
        content_hash="0" * 32,
    )


def steps(models: Models) -> dict[str, Callable[[RawArticle], object]]:
    """Each step alone, on an article; the entity and topic steps without the cost of cutting into tokens."""
    cache: dict[str, tuple[Passage, Passage]] = {}

    def passages(one: RawArticle) -> tuple[Passage, Passage]:
        if one.title not in cache:
            cache[one.title] = (read_passage("title", one.title), read_passage("body", one.body))
        return cache[one.title]

    def rules(one: RawArticle) -> object:
        finders = (find_laws, find_dates, find_tickers)
        found = [list(find(passage)) for find in finders for passage in passages(one)]
        numbers = (find_money, find_percentages)
        return found, [list(find(passage, "en")) for find in numbers for passage in passages(one)]

    def names(one: RawArticle) -> object:
        matches = [match for passage in passages(one) for match in find_names(passage, models.gazetteer)]
        return settle(matches, models.gazetteer, "id")

    return {
        "language": lambda one: detect_language(one.title, one.body, models.language),
        "tokens": lambda one: (read_passage("title", one.title), read_passage("body", one.body)),
        "names": names,
        "people": lambda one: find_people([(passage, {}) for passage in passages(one)], models.people),
        "rules": rules,
        "topics": lambda one: find_topics(passages(one), models.topics, "en"),
        "signature": lambda one: signature(passages(one)[1].folded),
    }


def tag(batch: Sequence[RawArticle], models: Models) -> list[tuple[RawArticle, Passages, list[list[Span]]]]:
    """What the tagger finds in articles that it reads at once, as the handler does."""
    read = [read_passages(one) for one in batch]
    names = models.tagger.names([passage for passages in read for passage in passages])
    return [(one, read[place], names[2 * place : 2 * place + 2]) for place, one in enumerate(batch)]


def enrich_all(batch: Sequence[RawArticle], models: Models) -> list[EnrichedArticle]:
    """The whole pipeline on articles that the tagger reads at once, and the signature of each for its story."""
    enriched = []
    for one, passages, names in tag(batch, models):
        enriched.append(enrich_read(one, passages, names, models))
        signature(passages[1].folded)
    return enriched


def rate(step: Callable[[Item], object], articles: Sequence[Item], count: int) -> float:
    """Items a second of CPU time after a warm-up: the best of SLICES, since neighbours only ever slow one down."""
    for one in [*articles] * 5:
        step(one)
    size, best = max(count // SLICES, 1), 0.0
    for _ in range(SLICES):
        started = time.process_time()
        for index in range(size):
            step(articles[index % len(articles)])
        best = max(best, size / max(time.process_time() - started, 1e-9))
    return best


def rss() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
