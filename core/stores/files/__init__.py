"""Artifacts: kept files by key, on local disk."""

from core.stores.files.local import FileStore, KeptFile, LocalFiles

__all__ = ["FileStore", "KeptFile", "LocalFiles"]
