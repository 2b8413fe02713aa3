"""A sentence model as ONNX, from a folder on this machine: an extra that sharpens links by content.

Why ONNX and not the model's own framework: onnxruntime is a fiftieth of its size, and an int8 model of 23 MB answers in
milliseconds on a processor. Why nothing is ever downloaded: a crawl must not depend on somebody's hub, and which model
weighed a link has to be known.

The folder holds ``model.onnx`` (inputs ``input_ids``, ``attention_mask`` and, where it wants them, ``token_type_ids``;
the first output is one vector per token, or per text) and ``tokenizer.json``. Vectors of tokens are averaged and
brought to length 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.errors import ConfigurationError

_LONGEST = 128
"""Word pieces of a text that are read."""
_BATCH = 32
_FILES = ("model.onnx", "tokenizer.json")
_PER_TOKEN = 3


class OnnxEmbedder:
    """A sentence model; see `crawler.linking.finding.Embedder`."""

    def __init__(self, folder: str | Path) -> None:
        """Load it.

        Raises:
            ConfigurationError: the extra is not installed, or the folder holds no such model.
        """
        self._np, runtime, tokenizers = _packages()
        model, tokenizer = _files(Path(folder))
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
            self._session = runtime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        except Exception as error:  # both packages raise their own kinds, some of them bare `Exception`
            raise ConfigurationError(f"linking.model: {folder} holds no usable sentence model: {error}") from error
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}

    def vectors(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """One vector of length 1 per text."""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))  # alike lengths need little padding
        found: dict[int, Sequence[float]] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            found.update(zip(batch, self._of_batch([texts[index] for index in batch]), strict=True))
        return [found[index] for index in range(len(texts))]

    def _of_batch(self, texts: list[str]) -> list[list[float]]:
        np = self._np
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        out = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        if out.ndim == _PER_TOKEN:
            weights = mask[..., None]
            out = (out * weights).sum(1) / np.maximum(weights.sum(1), 1)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        vectors: list[list[float]] = (out / np.maximum(lengths, 1e-12)).tolist()
        return vectors


def _packages() -> tuple[Any, Any, Any]:
    """numpy, onnxruntime and tokenizers: only who uses a model pays for their import."""
    try:
        import numpy as np  # noqa: PLC0415
        import onnxruntime  # noqa: PLC0415
        import tokenizers  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            f"linking.model needs the extra embeddings ({error.name} is not installed):"
            " pip install 'dateline[embeddings]', or leave linking.model empty"
        ) from error
    return np, onnxruntime, tokenizers


def _files(folder: Path) -> list[Path]:
    paths = [folder / name for name in _FILES]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise ConfigurationError(f"linking.model: {folder} has no {' and no '.join(missing)}")
    return paths
