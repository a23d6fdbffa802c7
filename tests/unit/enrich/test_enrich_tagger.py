"""The tagger labels exactly as CRFsuite does, whatever the words, and its names stand where it says."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pycrfsuite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_enrich.rows import TableError
from warta_enrich.steps.tokens import fold, read_passage
from warta_enrich.tagger.attributes import sentence_attributes, shape
from warta_enrich.tagger.knowledge import Knowledge, listed_names
from warta_enrich.tagger.labels import Span, bioes, spans
from warta_enrich.tagger.scores import Sentence
from warta_enrich.tagger.sentences import SENTENCE_MAX, sentence_ranges
from warta_enrich.tagger.setting import SETTINGS as ALL_SETTINGS
from warta_enrich.tagger.setting import Casing, Language, setting
from warta_enrich.tagger.tagger import TOKENS_MAX, Tagger
from warta_enrich.tagger.viterbi import best_labels
from warta_enrich.tagger.weights import Weights, load_weights, save_weights
from warta_enrich.tagger.word_rows import WordRows

PEOPLE = ["Siti", "Rahma", "Budi", "Hartono", "Emil", "Al-Jufri"]
ORGANISATIONS = [("Partai", "Baru"), ("Bank", "Jaya"), ("KPX",), ("Ministry", "of", "Trade")]
PLACES = [("Kota", "Lama"), ("Surabaya",), ("New", "York")]
FILLERS = "kata di dan pada the said in , . 2025 5 ( ) | _ e\u0301 的 İ ß ’s tetapi hari".split()
KNOWN = Knowledge(
    ({"siti": ("first", "q4", "k3"), "hartono": ("last",), "di": ("q0", "k1")}, {"budi": ("df2", "dl1")}),
    listed_names(
        [("LOC", "Surabaya"), ("LOC", "New York"), ("ORG", "KPX"), ("ORG", "Surabaya"), ("PER", "Emil")]
    ),
    {
        **dict.fromkeys(("di", "dan", "yang", "pada"), Language.INDONESIAN),
        **dict.fromkeys(("the", "in", "said"), Language.ENGLISH),
    },
)
WORDS = [*PEOPLE, *FILLERS, *(word for name in (*ORGANISATIONS, *PLACES) for word in name)]
ANY_WORD = st.sampled_from(WORDS) | st.text(
    st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8
).map(lambda text: "".join(text.split()) or "x")
CASED = st.sampled_from([str, str.upper, str.title, str.lower])


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> tuple[pycrfsuite.Tagger, Weights]:
    """A small model trained by CRFsuite, and its weights."""
    folder = tmp_path_factory.mktemp("model")
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.02, "c2": 0.01, "max_iterations": 40})
    draw = random.Random(7)
    for _ in range(150):
        words, names = invented(draw)
        trainer.append(sentence_attributes(words, KNOWN), bioes(names, len(words)))
    trainer.train(str(folder / "model"))
    oracle = pycrfsuite.Tagger()
    oracle.open(str(folder / "model"))
    info = oracle.info()
    labels = tuple(sorted(info.labels, key=lambda label: int(info.labels[label])))
    save_weights(folder / "tagger.npz", labels, info.state_features, info.transitions)
    return oracle, load_weights(folder / "tagger.npz")


@pytest.fixture(scope="module")
def weights(small_model: tuple[pycrfsuite.Tagger, Weights]) -> Weights:
    return small_model[1]


@pytest.fixture(scope="module")
def both(small_model: tuple[pycrfsuite.Tagger, Weights]) -> tuple[pycrfsuite.Tagger, Tagger]:
    """CRFsuite with that model, and the tagger that reads its weights."""
    oracle, weights = small_model
    return oracle, Tagger(weights, KNOWN)


def invented(draw: random.Random) -> tuple[list[str], list[Span]]:
    words: list[str] = []
    names: list[Span] = []
    for _ in range(draw.randint(2, 7)):
        words += draw.choices(FILLERS, k=draw.randint(0, 3))
        kind = draw.choice(["PER", "ORG", "LOC"])
        name = {
            "PER": draw.choices(PEOPLE, k=draw.randint(1, 2)),
            "ORG": draw.choice(ORGANISATIONS),
            "LOC": draw.choice(PLACES),
        }[kind]
        names.append(Span(len(words), len(words) + len(name), kind))
        words += name
    change = draw.choice([str, str, str, str.upper, str.title])
    return [change(word) for word in words], names


def sentence(words: Sequence[str]) -> Sentence:
    return Sentence(words, tuple(map(fold, words)))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.lists(ANY_WORD, min_size=1, max_size=30), CASED), min_size=1, max_size=6))
def test_labels_are_those_of_crfsuite(
    both: tuple[pycrfsuite.Tagger, Tagger], drawn: list[tuple[list[str], Callable[[str], str]]]
) -> None:
    oracle, tagger = both
    sentences = [[change(word) for word in words] for words, change in drawn]
    expected = [oracle.tag(sentence_attributes(words, KNOWN)) for words in sentences]
    assert tagger.label([sentence(words) for words in sentences]) == expected


def test_the_model_learnt_something(both: tuple[pycrfsuite.Tagger, Tagger]) -> None:
    """Else agreement of both would mean nothing."""
    _, tagger = both
    words = ["kata", "Siti", "Rahma", "di", "Surabaya", "dan", "Partai", "Baru"]
    (labels,) = tagger.label([sentence(words)])
    assert spans(labels) == [(1, 3, "PER"), (4, 5, "LOC"), (6, 8, "ORG")]


def test_more_words_than_the_table_holds_change_no_label(weights: Weights) -> None:
    """A table that starts anew again and again, and grows, against one that keeps all words."""
    small, large = Tagger(weights, KNOWN, words_max=20), Tagger(weights, KNOWN)
    draw = random.Random(3)
    for size in (5, 300, 6_000, 5):
        words = [*invented(draw)[0], *(f"w{number}{draw.choice(WORDS)}" for number in range(size))]
        assert small.label([sentence(words)]) == large.label([sentence(words)])


def test_one_batch_or_many_give_the_same(models: Models) -> None:
    texts = [
        "Presiden Joko Widodo tiba di Solo.",
        "KPK memeriksa Budi.",
        "x",
        "",
        "The Bank of England said so.",
    ]
    passages = [read_passage("body", text) for text in texts]
    assert models.tagger.names(passages) == [models.tagger.names([passage])[0] for passage in passages]


def test_viterbi_finds_the_best_path_of_each_sentence() -> None:
    """Against all paths, for sentences of different lengths."""
    draw = np.random.default_rng(5)
    transitions = draw.normal(size=(3, 3)).astype(np.float32)
    emissions = [draw.normal(size=(length, 3)).astype(np.float32) for length in (1, 5, 3, 5, 2)]
    for scores, path in zip(emissions, best_labels(emissions, transitions), strict=True):
        paths = list(product(range(3), repeat=len(scores)))
        values = [
            float(sum(scores[at, label] for at, label in enumerate(one)))
            + float(sum(transitions[left, right] for left, right in pairwise(one)))
            for one in paths
        ]
        assert tuple(path.tolist()) == paths[int(np.argmax(values))]
    assert best_labels([], transitions) == []


BROKEN_LABELS = [
    ("B-PER I-PER O B-ORG", [(0, 2, "PER"), (3, 4, "ORG")]),
    ("I-PER I-PER I-LOC", [(0, 2, "PER"), (2, 3, "LOC")]),
    ("B-PER B-PER S-LOC E-LOC", [(0, 1, "PER"), (1, 2, "PER"), (2, 4, "LOC")]),
    ("B-ORG I-ORG E-ORG S-ORG", [(0, 3, "ORG"), (3, 4, "ORG")]),
]


@pytest.mark.parametrize(("labels", "expected"), BROKEN_LABELS)
def test_labels_to_names(labels: str, expected: list[tuple[int, int, str]]) -> None:
    assert spans(labels.split()) == expected


def test_names_to_labels_and_back() -> None:
    names = [Span(0, 1, "PER"), Span(1, 4, "ORG"), Span(5, 7, "LOC")]
    assert bioes(names, 8) == "S-PER B-ORG I-ORG E-ORG O B-LOC E-LOC O".split()
    assert spans(bioes(names, 8)) == names


SHAPES = [("Jakarta", "Xx"), ("KPK", "X"), ("A", "X1"), ("2025", "0"), ("A330", "X0"), ("Qur'an", "Xx'x")]


@pytest.mark.parametrize(("word", "expected"), SHAPES)
def test_shapes(word: str, expected: str) -> None:
    assert shape(word) == expected


SETTINGS = [
    ("Presiden tiba di Jakarta kemarin siang", Casing.PLAIN, Language.INDONESIAN),
    ("Presiden Tiba di Jakarta Kemarin Siang", Casing.HEADLINE, Language.INDONESIAN),
    ("PRESIDEN TIBA DI JAKARTA", Casing.CAPITALS, Language.INDONESIAN),
    ("Joko Widodo", Casing.PLAIN, Language.NEITHER),
    ("the president in Jakarta", Casing.PLAIN, Language.ENGLISH),
    ("the president di Jakarta", Casing.PLAIN, Language.NEITHER),
]


@pytest.mark.parametrize(("text", "case", "language"), SETTINGS)
def test_settings(text: str, case: Casing, language: Language) -> None:
    assert setting(text.split(), KNOWN.languages) == (case, language)


@given(
    st.lists(st.lists(st.tuples(ANY_WORD, CASED), min_size=1, max_size=40), min_size=1, max_size=5),
    st.integers(0, 20),
)
def test_a_row_stands_for_one_word_in_one_setting(
    drawn: list[list[tuple[str, Callable[[str], str]]]], last: int
) -> None:
    """Also after most words were forgotten."""
    sentences = [[change(word) for word, change in words] for words in drawn]
    expected = [(word, setting(words, KNOWN.languages)) for words in sentences for word in words]
    rows = WordRows(KNOWN.languages)
    for _ in range(2):
        ids, places = rows.of(sentences)
        assert [ALL_SETTINGS[place] for place in places] == [
            setting(words, KNOWN.languages) for words in sentences
        ]
        stands_for = dict(zip(ids.tolist(), expected, strict=True))
        assert [stands_for[row] for row in ids.tolist()] == expected
        assert len(stands_for) == len(set(expected))
        assert set(rows.new) <= set(expected)
        rows.keep(np.unique(ids)[:last])


SENTENCES = [
    ("Ia tiba. Lalu pergi.", ["Ia tiba.", "Lalu pergi."]),
    (
        "Dr. Siti dan J. B. Habibie datang. Rp 2.5 juta.",
        ["Dr. Siti dan J. B. Habibie datang.", "Rp 2.5 juta."],
    ),
    ('"Baik." Ia pergi!\n\nDi Solo', ['"Baik."', "Ia pergi!", "Di Solo"]),
    ("naik 5.000 orang. kecil", ["naik 5.000 orang. kecil"]),
    ("\n\n\n", []),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    passage = read_passage("body", text)
    found = [text[passage.starts[start] : passage.ends[end - 1]] for start, end in sentence_ranges(passage)]
    assert found == expected


def test_a_list_without_stops_is_cut(models: Models) -> None:
    passage = read_passage("body", "kata " * (TOKENS_MAX + 500) + "Presiden Joko Widodo")
    lengths = [end - start for start, end in sentence_ranges(passage)]
    assert max(lengths) == SENTENCE_MAX
    assert sum(lengths) == len(passage)
    assert models.tagger.names([passage]) == [[]]


def test_offsets_are_code_points(models: Models) -> None:
    body = "\U0001f600\u0301 Presiden Joko Widodo bertemu pengurus Bank Indonesia di İzmir \u200b."
    article = enrich(raw_article(title="Berita", body=body), models)
    (person,) = article.people
    assert body[person.mentions[0].start : person.mentions[0].end] == "Joko Widodo"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"plain text"])
def test_a_broken_file_is_said_clearly(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "tagger.npz").write_bytes(content)
    with pytest.raises(TableError, match="no weights of the tagger"):
        load_weights(tmp_path / "tagger.npz")
