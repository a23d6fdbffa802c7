"""Score the enrichment on a folder of marked texts and print a table with confidence intervals.

    python services/enrich/training/evaluate.py --data DIR [--json] [--only TASK] [--backend NAME --model FOLDER]

Each task takes the files of DIR whose format it knows (README.md beside this file):
  entities   *.conll: token<TAB>IOB2 label, an empty line after each sentence
  language   *.language.jsonl: {"text": .., "language": ..}; language/CODE.txt: a text a line
  topics     *.topics.jsonl: {"text": .., "topic": ..}, labels by *.topics.map.json: {LABEL: [CODE, ..]}
A file that the shipped model learnt from is marked `seen`: its score says nothing about other texts.
Intervals are 95 %, by bootstrap. Exit code 1 when DIR holds no file of any task, 2 for a file in another format or
a backend that cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from training.evaluation.entities import entity_figures
from training.evaluation.figure import Figure, table
from training.evaluation.languages import language_figures
from training.evaluation.marked_texts import FormatError
from training.evaluation.topics import topic_figures
from warta_enrich.backends.contract import BackendError
from warta_enrich.models import Models, load_models
from warta_enrich.settings import BUILT_IN, NameSettings

Task = Callable[[Path, Models], Iterator[Figure]]
TASKS: Mapping[str, Task] = {
    "entities": entity_figures,
    "language": language_figures,
    "topics": topic_figures,
}


def main() -> int:
    """Print the table; 0 fine, 1 nothing to score, 2 no such folder, format or backend."""
    arguments = _arguments()
    if arguments.data is None:
        print("say which folder holds the marked texts: make evaluate DATA=folder", file=sys.stderr)
        return 2
    if not arguments.data.is_dir():
        print(f"{arguments.data} is no folder", file=sys.stderr)
        return 2
    tasks = [TASKS[arguments.only]] if arguments.only else list(TASKS.values())
    try:
        models = load_models(names=NameSettings(ner_backend=arguments.backend, ner_model=arguments.model))
        figures = [figure for task in tasks for figure in task(arguments.data, models)]
    except (BackendError, FormatError) as error:
        print(error, file=sys.stderr)
        return 2
    if not figures:
        print(f"{arguments.data} holds no file that a task reads; see --help", file=sys.stderr)
        return 1
    print("\n".join(json.dumps(asdict(figure)) for figure in figures) if arguments.json else table(figures))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with marked texts")
    parser.add_argument("--json", action="store_true", help="figures as JSON lines instead of a table")
    parser.add_argument("--only", choices=sorted(TASKS), help="one task alone")
    parser.add_argument("--backend", default=BUILT_IN, help="what finds names (WARTA_NER_BACKEND)")
    parser.add_argument("--model", type=Path, help="the folder of its model (WARTA_NER_MODEL)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
