"""Articles with planted statements, and what the themes find in them."""

from __future__ import annotations

from datetime import datetime

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.records import Article
from rare_topics.themes import ThemeFinder, Themes


def planted_article(title: str, *sentences: str, name: str = "planted", published: str = "2025-10-20") -> Article:
    body = "\n".join(sentences)
    return Article(
        article_id=name,
        title=title,
        body=body,
        published=datetime.fromisoformat(published),
        title_lang=language_of(title),
        body_lang=language_of(body),
    )


def planted_themes(theme_finder: ThemeFinder, *articles: Article) -> Themes:
    return theme_finder.find_themes(Corpus(articles))


def planted_strengths(theme_finder: ThemeFinder, *text: str) -> dict[str, int]:
    """Read one article, its title first, and return the themes that it speaks of, with their strength."""
    table = planted_themes(theme_finder, planted_article(*text)).table
    return {theme: s for theme, s in zip(table["theme"], table["strength"], strict=True) if s}


def planted_roles(theme_finder: ThemeFinder, *text: str) -> set[tuple[str, str]]:
    """Read one article, its title first, and return the countries with their roles."""
    table = planted_themes(theme_finder, planted_article(*text)).suppliers
    return set(zip(table["country"], table["role"], strict=True))
