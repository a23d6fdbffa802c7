"""Speed of the enrich step by step on articles of 3 KB: CPU microseconds of each, and articles a CPU second.

    python tests/bench/bench_enrich.py [--articles N] [--floor ARTICLES_PER_SECOND]

Of several slices the best counts for each step, so that a busy machine changes the figures less; the clock stands
beside the CPU time and says how busy it was. Exit code 1 when the whole is below --floor articles a CPU second.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context

from warta_enrich.models import Models, load_models
from warta_enrich.pipeline import STEPS, tag, take_steps
from warta_enrich.reading import Reading, read_passages
from warta_enrich.stories.signature import signature
from warta_shared.events import RawArticle
from warta_shared.events.article import Source

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
    parser.add_argument("--floor", type=float, default=0.0, help="fail below this many articles a CPU second")
    arguments = parser.parse_args()
    clock, cpu = time.perf_counter(), time.process_time()
    models = load_models()
    print(f"load {time.process_time() - cpu:.2f} s of CPU, {time.perf_counter() - clock:.2f} s by the clock")
    spent, by_the_clock = measured(arguments.articles, models)
    whole = sum(spent.values())
    for step, seconds in spent.items():
        print(
            f"{step:<14}{seconds * 1e6:>7.0f} us of CPU{seconds / whole:>6.0%}{1 / seconds:>9.0f} articles/s"
        )
    print(f"{'enrich':<14}{whole * 1e6:>7.0f} us of CPU      {1 / whole:>9.0f} articles/s of CPU")
    print(f"by the clock {by_the_clock:.0f} articles/s; RSS at most {rss():.0f} MB")
    print(f"two workers {scaling(arguments.articles):.2f} times one (goal 1.8)")
    return 1 if 1 / whole < arguments.floor else 0


def measured(count: int, models: Models) -> tuple[dict[str, float], float]:
    """CPU seconds of each step for an article, the best of SLICES after a warm-up, and articles a second by the clock
    in the best slice."""
    enrich_some(8 * BATCH, models)
    best, fastest = {}, 0.0
    for _ in range(SLICES):
        started = time.perf_counter()
        spent, size = enrich_some(count // SLICES, models)
        fastest = max(fastest, size / (time.perf_counter() - started))
        best = {step: min(best.get(step, 1e9), seconds / size) for step, seconds in spent.items()}
    return best, fastest


def enrich_some(count: int, models: Models) -> tuple[dict[str, float], int]:
    """Enrich some `count` articles; CPU seconds of each step, and how many they were."""
    spent: dict[str, float] = {}
    batch = [article(PARAGRAPHS_EN), article(PARAGRAPHS_ID)] * (BATCH // 2)
    size = max(1, round(count / BATCH))
    for _ in range(size):
        enrich_batch(batch, models, spent)
    return spent, size * BATCH


def enrich_batch(batch: Sequence[RawArticle], models: Models, spent: dict[str, float]) -> None:
    """What the handler does with a batch, from the articles to the bytes of the events."""
    with taking(spent, "tokens"):
        readings = [Reading(one, read_passages(one)) for one in batch]
    with taking(spent, "tagger"):
        tag(readings, models)
    for step in STEPS:
        with taking(spent, step.name):
            take_steps(readings, models, steps=(step,))
    with taking(spent, "signature"):
        for one in readings:
            signature(one.passages[1].folded)
    with taking(spent, "event"):
        for one in readings:
            one.enriched(models.made_by).model_dump_json().encode()


@contextmanager
def taking(spent: dict[str, float], step: str) -> Iterator[None]:
    """Add the CPU seconds of a step."""
    started = time.process_time()
    yield
    spent[step] = spent.get(step, 0.0) + time.process_time() - started


def scaling(count: int) -> float:
    """Articles a second by the clock of two processes at once against one: the best of three pairs of runs."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(enrich_alone, [BATCH] * 2))  # models are loaded
        ratios = []
        for _ in range(3):
            alone = seconds_for_all(pool, [count])
            ratios.append(2 * alone / seconds_for_all(pool, [count] * 2))
    return max(ratios)


def seconds_for_all(pool: ProcessPoolExecutor, counts: Sequence[int]) -> float:
    """By the clock, from the first article to the last."""
    started = time.perf_counter()
    list(pool.map(enrich_alone, counts))
    return time.perf_counter() - started


def enrich_alone(count: int) -> None:
    """Enrich so many articles in this process, which keeps its models."""
    enrich_some(count, loaded())


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


def rss() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
