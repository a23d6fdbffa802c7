"""Train the tagger of names anew: its weights, and a manifest with sources, licences, checksums and a report.

    python services/enrich/training/train_tagger.py --data DIR [--out DIR] [--no-report]

DIR holds the tagged sentences that corpora.py names, in CoNLL form (token<TAB>IOB2 label, an empty line after each
sentence); what the tagger knows of words comes from the compiled tables of --out (compile_tables.py makes them).
Needs the extra `training`. The report is made first, by a model that has not seen the sentences it is made on; the
weights that ship are then trained on all. One thread, some minutes; the same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from training.corpora import CORPORA, recased
from training.crf import PARAMETERS, Trainer, train_and_export
from training.span_scores import Score, tagger_scores
from warta_enrich.models import LEARNT_FROM, load_shipped_knowledge
from warta_enrich.rows import TableError
from warta_enrich.tagger.knowledge import LANGUAGE_FILE, NAME_FILES, WORD_FILES, Knowledge
from warta_enrich.tagger.tagger import WEIGHTS_FILE, load_tagger

TABLES = Path(__file__).parents[1] / "warta_enrich" / "tables"
MANIFEST_FILE = "TAGGER.json"
KNOWLEDGE_FILES = (*WORD_FILES, *NAME_FILES, LANGUAGE_FILE, *(f"{name}.tsv" for name in LEARNT_FROM))


def main() -> int:
    """Write weights and manifest; 0 fine, 2 an input is missing or cannot be used."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the tagged sentences")
    parser.add_argument("--out", type=Path, default=TABLES, help="folder of tables (default: the package's)")
    parser.add_argument("--no-report", action="store_true", help="only train the weights that ship")
    arguments = parser.parse_args()
    missing = [name for one in CORPORA for name in one.files if not (arguments.data / name).is_file()]
    if missing:
        print(f"not in {arguments.data}: {', '.join(missing)}", file=sys.stderr)
        return 2
    try:
        known = load_shipped_knowledge(arguments.out)
    except TableError as error:
        print(f"{error}; run compile_tables.py first", file=sys.stderr)
        return 2
    report = {} if arguments.no_report else _report(arguments.data, known)
    _train(arguments.data, known, arguments.out / WEIGHTS_FILE, everything=True)
    text = json.dumps(_manifest(arguments.data, arguments.out, report), indent=1)
    (arguments.out / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")
    return 0


def _train(data: Path, known: Knowledge, path: Path, *, everything: bool) -> None:
    """Train on the train parts, or on everything, and write the weights."""
    trainer = Trainer(known)
    for corpus in CORPORA:
        learnt, rest = corpus.parts(data)
        sentences = [*learnt, *rest] if everything else learnt
        for sentence in sentences:
            trainer.add(sentence, corpus.times)
        for sentence in recased(sentences):
            trainer.add(sentence)
    train_and_export(trainer, path)


def _report(data: Path, known: Knowledge) -> dict[str, list[dict[str, float | int | str]]]:
    """Scores of a model trained on the train parts, on each of the rest; printed as they come."""
    with tempfile.TemporaryDirectory() as folder:
        _train(data, known, Path(folder) / WEIGHTS_FILE, everything=False)
        tagger = load_tagger(Path(folder), known)
    report = {}
    for corpus in CORPORA:
        scores = tagger_scores(tagger, corpus.parts(data)[1])
        print(corpus.name, *(f"{one.kind} {one.f1:.3f} [{one.low:.3f}, {one.high:.3f}]" for one in scores))
        report[corpus.name] = [_rounded(score) for score in scores]
    return report


def _rounded(score: Score) -> dict[str, float | int | str]:
    return {
        key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(score).items()
    }


def _manifest(data: Path, out: Path, report: object) -> dict[str, object]:
    return {
        "weights": {WEIGHTS_FILE: _sha256(out / WEIGHTS_FILE)},
        "tables": _checksums(out, KNOWLEDGE_FILES),
        "corpora": {
            corpus.name: {"licence": corpus.licence, "sha256": _checksums(data, corpus.files)}
            for corpus in CORPORA
        },
        "training": {"python-crfsuite": version("python-crfsuite"), **PARAMETERS},
        "report": report,
    }


def _checksums(folder: Path, names: Iterable[str]) -> Mapping[str, str]:
    return {name: _sha256(folder / name) for name in names}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
