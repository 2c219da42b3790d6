"""Artifacts: kept files by key, on local disk or in a bucket."""

from core.stores.files.local import FileStore, KeptFile, LocalFiles

__all__ = ["FileStore", "KeptFile", "LocalFiles"]
