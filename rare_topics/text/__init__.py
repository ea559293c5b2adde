"""From text to tokens with their offsets."""

from rare_topics.text.segmenter import Segmenter, Token

__all__ = ["Segmenter", "Token"]
