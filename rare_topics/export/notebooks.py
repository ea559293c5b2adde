"""Notebooks run in place, so that a second run changes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.errors import InputError
from rare_topics.runtime.atomic_write import write_file

if TYPE_CHECKING:
    from nbformat import NotebookNode


def list_notebooks(folder: str | Path) -> list[Path]:
    """List the notebooks of a folder in the order of their names.

    Raises
    ------
    InputError
        If there is none.
    """
    files = sorted(Path(folder).glob("*.ipynb"))
    if not files:
        raise InputError("the folder holds no notebook", where=str(folder), fix="give the folder with the .ipynb files")
    return files


def update_notebook(path: str | Path, *, cell_timeout: int = 600) -> bool:
    """Run a notebook from its first cell to its last and write the outputs into it.

    Parameters
    ----------
    path
        An ``.ipynb`` file; it runs in its own folder.
    cell_timeout
        Seconds after which a cell is given up.

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
    text = notebook_text(execute_notebook(path, cell_timeout=cell_timeout))
    return write_file(path, text.encode("utf-8"))


def execute_notebook(path: Path, *, cell_timeout: int = 600) -> NotebookNode:
    """Run a notebook and return it with its new outputs; the file is not touched.

    Parameters
    ----------
    path
        An ``.ipynb`` file; it runs in its own folder.
    cell_timeout
        Seconds after which a cell is given up.

    Returns
    -------
    NotebookNode

    Raises
    ------
    InputError
        As `update_notebook` says.
    """
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
        timeout=cell_timeout,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=40"],
        record_timing=False,
        coalesce_streams=True,  # otherwise printed text is split into outputs by the clock
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
            f"a cell does not end within {cell_timeout} s, or takes the kernel with it",
            where=path.name,
            fix="mend the cell",
        ) from error
    return notebook


def notebook_text(notebook: NotebookNode) -> str:
    """Return a notebook as text, with cell ids by position and without metadata, which differ between machines."""
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
