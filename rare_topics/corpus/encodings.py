"""Which encoding bytes that are no UTF-8 are in: a guess, for the advice of an error."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from rare_topics.corpus.column_names import input_words

# Bytes that are looked at.
_SAMPLE_BYTES = 200_000
# Least share of common characters among the Han characters of a Chinese text; chosen by hand.
_LEAST_COMMON = 0.05
_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"


def guess_encoding(data: bytes) -> str:
    """Guess the encoding of a text that is no UTF-8.

    Parameters
    ----------
    data
        The text as bytes.

    Returns
    -------
    str
        ``UTF-16``, ``BIG5``, ``CP1252`` or ``GB18030``, as ``iconv`` calls them: that in which the
        most characters are common ones of Chinese, or Latin letters where few bytes are none.
    """
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "UTF-16"
    sample = data[:_SAMPLE_BYTES]
    shares = {name: _share_of_common(sample, codec) for name, codec in (("GB18030", "gb18030"), ("BIG5", "cp950"))}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= _LEAST_COMMON:
        return best
    n_high = sum(byte > 0x7F for byte in sample)  # noqa: PLR2004 - the last byte of ASCII
    # A letter with an accent stands alone among plain ones; Chinese is nearly all high bytes.
    return "CP1252" if n_high * 5 < len(sample) else best


def _share_of_common(data: bytes, codec: str) -> float:
    """Return which share of the Han characters are common ones, 0 where many bytes are no characters."""
    text = data.decode(codec, errors="replace")
    han = [char for char in text if _FIRST_HAN <= char <= _LAST_HAN]
    if not han or text.count("\ufffd") * 20 > len(han):
        return 0.0
    common = set(input_words()["encodings"]["common_han"])
    return sum(char in common for char in han) / len(han)
