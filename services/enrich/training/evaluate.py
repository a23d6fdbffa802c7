"""Score the enrichment on a folder of marked texts and print a table with confidence intervals.

    python services/enrich/training/evaluate.py --data DIR [--json] [--only TASK]

Each task takes the files of DIR whose format it knows:
  entities   *.conll: token<TAB>IOB2 label (PER, ORG, LOC), an empty line after each sentence; read by the tagger
             alone and by the whole pipeline, as an article of one sentence; strict spans.
A file that the shipped model learnt from is marked `seen`: its score says nothing about other texts.
Intervals are 95 %, by bootstrap over sentences. Exit code 1 when DIR holds no file of any task.
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
from warta_enrich.models import Models, load_models

Task = Callable[[Path, Models], Iterator[Figure]]
TASKS: Mapping[str, Task] = {"entities": entity_figures}


def main() -> int:
    """Print the table; 0 fine, 1 nothing to score, 2 no such folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with marked texts")
    parser.add_argument("--json", action="store_true", help="figures as JSON lines instead of a table")
    parser.add_argument("--only", choices=sorted(TASKS), help="one task alone")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(f"{arguments.data} is no folder", file=sys.stderr)
        return 2
    tasks = [TASKS[arguments.only]] if arguments.only else list(TASKS.values())
    models = load_models()
    figures = [figure for task in tasks for figure in task(arguments.data, models)]
    if not figures:
        print(f"{arguments.data} holds no file that a task reads; see --help", file=sys.stderr)
        return 1
    if arguments.json:
        print("\n".join(json.dumps(asdict(figure)) for figure in figures))
    else:
        print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
