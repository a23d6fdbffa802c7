"""Names of the tagger beside those of tables and rules: one span, one type; titles off; acronyms joined."""

from __future__ import annotations

import pytest

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich, enrich_read, read_passages
from warta_enrich.steps.acronyms import stands_for
from warta_enrich.steps.tagged_names import tagged_names
from warta_enrich.steps.tokens import Passage, phrase, read_passage
from warta_enrich.tagger.labels import Span
from warta_shared.events import EnrichedArticle

Names = dict[str, str]


def enriched(body: str, names: Names, models: Models) -> EnrichedArticle:
    """The article as if the tagger had found these names (text to kind) wherever they stand in the body."""
    article = raw_article(title="Berita", body=body)
    title, passage = read_passages(article)
    spans = sorted(span for name, kind in names.items() for span in placed(passage, name, kind))
    return enrich_read(article, (title, passage), [[], spans], models)


def placed(passage: Passage, name: str, kind: str) -> list[Span]:
    words = phrase(name)
    starts = range(len(passage) - len(words) + 1)
    return [Span(at, at + len(words), kind) for at in starts if passage.words[at : at + len(words)] == words]


def found(article: EnrichedArticle) -> dict[str, dict[str, int]]:
    kinds = ("people", "organisations", "places", "laws", "tickers")
    return {
        kind: {entity.id or entity.name: entity.count for entity in entities}
        for kind in kinds
        if (entities := getattr(article, kind))
    }


ONE_SPAN = [
    (
        "Ia mengajar di Universitas Negeri Surabaya sejak lama.",
        {"Universitas Negeri Surabaya": "ORG"},
        {"organisations": {"Universitas Negeri Surabaya": 1}},
    ),
    ("Ia tinggal di Kota Surabaya sejak lama.", {"Kota Surabaya": "LOC"}, {"places": {"place:id-3578": 1}}),
    (
        "Ia bertemu Bank Indonesia lagi.",
        {"Bank Indonesia": "LOC"},
        {"organisations": {"org:bank-indonesia": 1}},
    ),
    ("Ia bertemu Bank Indonesia lagi.", {"Bank": "ORG"}, {"organisations": {"org:bank-indonesia": 1}}),
    ("UU No. 11 Tahun 2020 berlaku.", {"UU No": "ORG"}, {"laws": {"law:id-uu-2020-11": 1}}),
    ("Harga saham BBCA naik.", {"BBCA": "ORG"}, {"tickers": {"ticker:idx-bbca": 1}}),
    ("Warga ... datang.", {"...": "PER"}, {}),
    ('"Fine," said Xavi Rulan again.', {'" said Xavi Rulan': "PER"}, {"people": {"Xavi Rulan": 1}}),
    ('Kata "Forum Xavi itu.', {'"Forum Xavi': "ORG"}, {"organisations": {"Forum Xavi": 1}}),
]


@pytest.mark.parametrize(("body", "names", "expected"), ONE_SPAN)
def test_one_span_has_one_type(
    body: str, names: Names, expected: dict[str, dict[str, int]], models: Models
) -> None:
    assert found(enriched(body, names, models)) == expected


TITLES = [
    ("Presiden Xavi Rulan", "Xavi Rulan"),
    ("Menteri Keuangan Xavi Rulan", "Xavi Rulan"),
    ("Pak Xavi", "Xavi"),
    ("Bu Xavi", "Xavi"),
    ("Dr. Xavi Rulan", "Xavi Rulan"),
    ("H. Xavi Rulan", "Xavi Rulan"),
    ("Hj. Xavi Rulan", "Xavi Rulan"),
    ("Bupati Xavi Rulan", "Xavi Rulan"),
    ("Mr. Xavi Rulan", "Xavi Rulan"),
    ("Prof. Dr. Xavi Rulan", "Xavi Rulan"),
    ("President Xavi Rulan", "Xavi Rulan"),
    ("Ratu Xavi", "Ratu Xavi"),
    ("Xavi Rulan (kanan)", "Xavi Rulan"),
    ("Xavi bin Rulan", "Xavi bin Rulan"),
]


@pytest.mark.parametrize(("written", "expected"), TITLES)
def test_a_person_stands_without_title(written: str, expected: str, models: Models) -> None:
    body = f"Kemarin siang {written} tiba."
    (person,) = enriched(body, {written: "PER"}, models).people
    assert person.name == expected
    assert [body[mention.start : mention.end] for mention in person.mentions] == [expected]


@pytest.mark.parametrize("office", ["Menteri Keuangan", "Presiden"])
def test_an_office_alone_is_nobody(office: str, models: Models) -> None:
    assert enriched(f"Kemarin {office} tiba.", {office: "PER"}, models).people == ()


def test_what_a_minister_is_for_is_nobody(models: Models) -> None:
    body = "The Deputy Minister for Wampum said nothing."
    assert enriched(body, {"Wampum": "PER"}, models).people == ()


def test_a_short_name_is_the_same_person(models: Models) -> None:
    body = "Xavi Rulan tiba. Menurut Rulan, jalan macet. Xavi lalu pergi."
    people = enriched(body, {"Xavi Rulan": "PER", "Rulan": "PER"}, models).people
    assert {person.name: person.count for person in people} == {"Xavi Rulan": 3}


def test_an_introduced_acronym_is_joined(models: Models) -> None:
    """Also where the tagger missed it, saw another kind of end, or took the brackets into the name."""
    body = "Komisi Xilo Daerah (KXD) rapat. Menurut KXD, baik. Kata KXD juga."
    for names in (
        {"Komisi Xilo Daerah": "ORG"},
        {"Komisi Xilo Daerah (KXD)": "ORG"},
        {"Komisi Xilo Daerah (KXD) rapat": "ORG"},
        {"Komisi Xilo Daerah": "ORG", "KXD": "ORG"},
    ):
        (organisation,) = enriched(body, names, models).organisations
        assert organisation.name.startswith("Komisi Xilo Daerah")
        assert organisation.count == (3 if any("(" in name for name in names) else 4)


def test_an_acronym_of_a_known_name_gets_its_id(models: Models) -> None:
    body = "Bank Indonesia (BXI) rapat. Menurut BXI, baik."
    assert found(enriched(body, {}, models)) == {"organisations": {"org:bank-indonesia": 1}}
    body = "Bank Indonesia (BNKI) rapat. Menurut BNKI, baik."
    assert found(enriched(body, {}, models)) == {"organisations": {"org:bank-indonesia": 3}}


ACRONYMS = [
    ("KPK", "Komisi Pemberantasan Korupsi", True),
    ("BPJS", "Badan Penyelenggara Jaminan Sosial", True),
    ("IMF", "International Monetary Fund", True),
    ("KPK", "Badan Pusat Statistik", False),
    ("Kpk", "Komisi Pemberantasan Korupsi", False),
    ("K", "Komisi", False),
    ("BANK", "Bank", False),
]


@pytest.mark.parametrize(("acronym", "full", "expected"), ACRONYMS)
def test_what_an_acronym_stands_for(acronym: str, full: str, expected: bool) -> None:
    assert stands_for(acronym, full) is expected


def test_names_of_title_and_body_are_one_entity(models: Models) -> None:
    article = raw_article(title="Xilo Merger Baru", body="Kelompok itu bernama Xilo Merger kata warga.")
    title, body = read_passages(article)
    spans = [placed(title, "Xilo Merger", "ORG"), placed(body, "Xilo Merger", "ORG")]
    (organisation,) = enrich_read(article, (title, body), spans, models).organisations
    assert [mention.field for mention in organisation.mentions] == ["title", "body"]


@pytest.mark.parametrize(
    ("written", "kind", "expected"),
    [
        ('" said Xavi Rulan', "PER", "Xavi Rulan"),
        ("“ Xilo Daerah", "ORG", "Xilo Daerah"),
        ("kementerian luar negeri", "ORG", "kementerian luar negeri"),
        ("van Rulan", "PER", "van Rulan"),
    ],
)
def test_a_name_begins_with_its_first_word(written: str, kind: str, expected: str, models: Models) -> None:
    article = enriched(f"Kemarin siang {written} tiba.", {written: kind}, models)
    (one,) = article.people if kind == "PER" else article.organisations
    assert one.name == expected


def test_a_word_of_a_persons_name_is_no_place(models: Models) -> None:
    body = "Xavi Rulan tiba. Menurut Rulan, jalan macet di Zembla."
    article = enriched(body, {"Xavi Rulan": "PER", "Rulan": "LOC", "Zembla": "LOC"}, models)
    assert {person.name: person.count for person in article.people} == {"Xavi Rulan": 2}
    assert [place.name for place in article.places] == ["Zembla"]


def test_the_exchange_of_a_code_is_no_organisation(models: Models) -> None:
    article = enriched("Saham PT Xilo (IDX: XILO) naik di XSE.", {"IDX": "ORG", "XSE": "ORG"}, models)
    assert [one.name for one in article.tickers] == ["XILO"]
    assert "IDX" not in {one.name for one in article.organisations}
    assert "XSE" in {one.name for one in article.organisations}


def test_a_legal_form_alone_is_no_organisation(models: Models) -> None:
    article = enriched("PT Xilo (Persero) Tbk naik.", {"Persero": "ORG", "PT Xilo": "ORG"}, models)
    assert [one.name for one in article.organisations] == ["PT Xilo"]


def test_an_organisation_of_words_that_the_text_has_in_lower_case_is_none(models: Models) -> None:
    body = "The plan for Protection and Empowerment aims at the protection of workers and their empowerment."
    assert found(enriched(body, {"Protection and Empowerment": "ORG"}, models)) == {}
    assert found(enriched(body[:48], {"Protection and Empowerment": "ORG"}, models)) == {
        "organisations": {"Protection and Empowerment": 1}
    }


def test_an_acronym_with_a_plural_is_a_kind_of_thing(models: Models) -> None:
    body = "The fund helps every MSME; most MSMEs are shops. WALHI objects."
    names = {"MSME": "ORG", "WALHI": "ORG"}
    assert "MSME" not in {one.name for one in enriched(body, names, models).organisations}


def test_nobody_in_a_headline_is_called_by_a_common_word(models: Models) -> None:
    title = "Deputy Minister Stresses Synchronisation"
    article = raw_article(
        title=title, body="He said that synchronisation was needed, and thanked Budi Santoso."
    )
    read = read_passages(article)
    assert read[0].title_case
    names = [placed(read[0], "Stresses Synchronisation", "PER"), placed(read[1], "Budi Santoso", "PER")]
    people = enrich_read(article, read, names, models).people
    assert [person.name for person in people] == ["Budi Santoso"]


def test_a_place_may_be_called_by_common_words(models: Models) -> None:
    body = "Warga Pulau Damai mengungsi; di pulau itu keadaan kini damai."
    assert [one.name for one in enriched(body, {"Pulau Damai": "LOC"}, models).places] == ["Pulau Damai"]


HEADLINE = (
    "Deputy Minister Stresses Synchronisation and Collaboration to Advance Small Firms Across Indonesia"
)
STORY = "Deputy Minister Helvi Moraza asked for synchronisation. She spoke in Surabaya on Monday."


def test_a_headline_within_the_body_names_nobody_by_its_verb(models: Models) -> None:
    """A page repeats its headline above the story."""
    article = enrich(raw_article(title="News", body=f"{HEADLINE}\n\n{STORY}"), models)
    assert [one.name for one in article.people] == ["Helvi Moraza"]


@pytest.mark.parametrize("line", ["Reporter: Arif Rahman Hakim", "Arif Rahman Hakim", f"{HEADLINE}."])
def test_a_byline_and_a_sentence_are_no_headlines(line: str) -> None:
    passage = read_passage("body", f"{line}\n\n{STORY}")
    assert not passage.headlines


def test_a_line_alone_is_the_text_itself() -> None:
    assert not read_passage("body", HEADLINE).headlines
    assert len(read_passage("body", f"{STORY}\n\n{HEADLINE}").headlines) == len(HEADLINE.split())


RANKS = {
    "Kapolda Metro Jaya Irjen Karyoto Widodo hadir.": "Karyoto Widodo",
    "Kapolres Metro Bekasi Kombes Pol. Mustofa Kamal hadir.": "Mustofa Kamal",
    "Dandim Kota Malang Letkol Inf Budi Santoso hadir.": "Budi Santoso",
    "Dekan Fakultas Hukum Dr. Siti Rahmawati hadir.": "Siti Rahmawati",
    "Menteri Agama Lukman Hakim Saifuddin hadir.": "Lukman Hakim Saifuddin",
}


@pytest.mark.parametrize("text", RANKS)
def test_a_name_begins_behind_the_rank(text: str, models: Models) -> None:
    article = enrich(raw_article(title="Berita", body=text), models)
    assert [one.name for one in article.people] == [RANKS[text]]


def names_of(words: str, kind: str, text: str) -> list[str]:
    """What is left of a name that a tagger finds in a text."""
    passage = read_passage("body", text)
    said = phrase(words)
    start = next(at for at in range(len(passage)) if passage.words[at : at + len(said)] == said)
    return [one.name for one in tagged_names([passage], [[Span(start, start + len(said), kind)]], [])]


def test_a_name_ends_before_the_day_and_holds_no_verb_of_speech() -> None:
    hall = "He spoke in the Great Hall of the People on Saturday."
    assert names_of("Great Hall of the People on Saturday", "ORG", hall) == ["Great Hall of the People"]
    assert names_of("Committee on Trade", "ORG", "The Committee on Trade met.") == ["Committee on Trade"]
    assert names_of("Wahana Lestari kata Budi", "ORG", "Wahana Lestari kata Budi") == []
    assert names_of("said Budi", "PER", "No, said Budi.") == ["Budi"]


def test_a_date_and_a_currency_are_no_names(models: Models) -> None:
    assert names_of("Jun 10", "PER", "It met on Jun 10 in Bogor.") == []
    assert names_of("Jun Arashi", "PER", "He met Jun Arashi in Bogor.") == ["Jun Arashi"]
    title, body = read_passage("title", "News"), read_passage("body", "The IDR fell, said BRIN.")
    spans = [[], [Span(1, 2, "ORG"), Span(5, 6, "ORG")]]
    found = enrich_read(raw_article(title="News", body=body.text), (title, body), spans, models).organisations
    assert [one.name for one in found] == ["National Research and Innovation Agency (BRIN)"]


@pytest.mark.parametrize(
    ("text", "name", "people", "places"),
    [
        ("Presiden Ukraina Zelensky tiba.", "Ukraina Zelensky", ["Volodymyr Zelenskyy"], ["Ukraine"]),
        ("Kapten Jordan Henderson tiba.", "Jordan Henderson", ["Jordan Henderson"], []),
    ],
)
def test_the_country_of_an_office_is_no_part_of_the_name(
    text: str, name: str, people: list[str], places: list[str], models: Models
) -> None:
    title, body = read_passage("title", "Berita"), read_passage("body", text)
    start = body.words.index(name.split(maxsplit=1)[0])
    spans = [[], [Span(start, start + 2, "PER")]]
    found = enrich_read(raw_article(title="Berita", body=text), (title, body), spans, models)
    assert [one.name for one in found.people] == people
    assert [one.name for one in found.places] == places
