"""From text to tokens with their offsets."""

from typing import TYPE_CHECKING

from rare_topics.runtime.lazy_names import lazy_names

if TYPE_CHECKING:
    from rare_topics.text.segmenter import Segmenter
    from rare_topics.text.tokenizer import Token

__all__ = ["Segmenter", "Token"]

# Most of the package needs tokens alone, and not scikit-learn, which takes a second to import.
__getattr__ = lazy_names(__name__, {"Segmenter": "segmenter", "Token": "tokenizer"})
