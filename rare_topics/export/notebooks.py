"""Notebooks run in place, so that a second run changes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.errors import InputError
from rare_topics.runtime.atomic_write import write_file

if TYPE_CHECKING:
    from nbformat import NotebookNode

TIMEOUT = 600


def notebook_files(folder: str | Path) -> list[Path]:
    """List the notebooks of a folder in reading order.

    Raises
    ------
    InputError
        If there is none.
    """
    files = sorted(Path(folder).glob("*.ipynb"))
    if not files:
        raise InputError("the folder holds no notebook", where=str(folder), fix="give the folder with the .ipynb files")
    return files


def execute(path: str | Path) -> bool:
    """Run a notebook from its first cell to its last and write the outputs into it.

    Parameters
    ----------
    path
        An ``.ipynb`` file; it runs in its own folder.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    InputError
        If the packages of the extra ``notebooks`` are missing, the file is no notebook, or a
        cell fails; then the file stays as it was.
    """
    path = Path(path)
    after = rendered(executed(path))
    before = path.read_text(encoding="utf-8")
    if after == before:
        return False
    return write_file(path, after.encode("utf-8"))


def executed(path: Path) -> NotebookNode:
    """Run a notebook and return it with its new outputs; the file is not touched."""
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError as error:
        raise InputError(
            "notebooks need JupyterLab", fix="install the extra: pip install 'rare-topics[notebooks]'"
        ) from error
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise InputError("is no notebook", where=path.name, fix="save it again from JupyterLab") from error
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=40"],
        record_timing=False,
        coalesce_streams=True,  # else what is printed falls into pieces by the clock
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"})
    except CellExecutionError as error:
        raise InputError(
            f"a cell fails: {error.ename}: {error.evalue}",
            where=path.name,
            fix="open it in JupyterLab and mend the cell",
        ) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise InputError(
            f"a cell does not end within {TIMEOUT} s, or takes the kernel with it", where=path.name, fix="mend the cell"
        ) from error
    return notebook


def rendered(notebook: NotebookNode) -> str:
    """Write a notebook as text, with cell ids by position and nothing that a machine adds."""
    import nbformat

    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text + "\n"
