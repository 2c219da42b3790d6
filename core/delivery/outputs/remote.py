"""A machine reached by SSH: its key checked, files put there whole or not at all."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from posixpath import dirname, join
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import paramiko

from core.base.errors import DeliveryFailed
from core.base.outbound import checked_host
from core.delivery.outputs.bundle import Bundle

if TYPE_CHECKING:
    from core.delivery.outputs.scp import ScpArgs

KNOWN = Path("~/.ssh/known_hosts")
SECONDS = 60.0
"""How long a command there may take."""


class Remote:
    """A session at the machine."""

    def __init__(self, args: ScpArgs, client: paramiko.SSHClient) -> None:
        self.args = args
        self.client = client
        self.sftp = client.open_sftp()
        self.sftp.get_channel().settimeout(SECONDS)  # type: ignore[union-attr]
        self.root = args.remote_path.removeprefix("~/").rstrip("/") or "/"

    @classmethod
    @contextmanager
    def opened(cls, args: ScpArgs) -> Iterator[Remote]:
        """Signed in; DeliveryFailed if the machine is not reached, not known, or refuses."""
        client = paramiko.SSHClient()
        try:
            with _told(args):
                _connect(client, args)
                yield cls(args, client)
        finally:
            client.close()

    def has_root(self) -> bool:
        """Whether the folder for reports is there."""
        try:
            self.sftp.stat(self.root)
        except FileNotFoundError:
            return False
        return True

    def put(self, made: Bundle) -> str:
        """Copy the files, and let the name for the newest lead to them. Where the report is now."""
        if self._by_command():
            return self._by_commands(made)
        self._folder(self.root)
        beside = join(self.root, f".{made.report}.{token_hex(4)}")
        try:
            self._upload(made, beside)
            for name in [made.report] if made.folder else [made.report, made.latest]:
                for source, target in self._moves(made, beside, name):
                    self._moved(source, target)
            if made.folder:
                self._lead(join(self.root, made.latest), made.report)
        finally:
            self._removed(beside)
        return self._place(made)

    def probe(self, name: str, content: bytes) -> str:
        """Put a file where reports go, and remove it again. Where it was."""
        by_commands = self._by_command()
        beside = name if by_commands else join(self.root, name)
        if not by_commands:
            self._folder(self.root)
        try:
            self.sftp.putfo(io.BytesIO(content), beside, len(content))
            if by_commands:
                self._run(_passing(self.sftp.normalize(beside), join(self._absolute(), name), self._owner()))
        finally:
            self._removed(beside)
        return join(self.root, name)

    def _by_command(self) -> bool:
        """Whether only root may write there, or files shall be somebody else's."""
        return bool(self.args.sudo or self.args.remote_path_owner or self.args.remote_path_group)

    def _upload(self, made: Bundle, beside: str) -> None:
        names = [made.report] if made.folder else [made.report, made.latest]
        for name in names:
            for path, file in made.named(name):
                target = join(beside, path)
                self._folder(dirname(target))
                self.sftp.putfo(io.BytesIO(file.content), target, len(file.content))

    def _moves(self, made: Bundle, beside: str, name: str) -> Iterator[tuple[str, str]]:
        names = [name] if made.folder else [path for path, _ in made.named(name)]
        return ((join(beside, one), join(self.root, one)) for one in names)

    def _moved(self, source: str, target: str) -> None:
        """Into its place; a folder that was there goes aside first."""
        if self._is_folder(target):
            old = f"{source}.old"
            self.sftp.posix_rename(target, old)
            self.sftp.posix_rename(source, target)
            self._removed(old)
        else:
            self.sftp.posix_rename(source, target)

    def _lead(self, latest: str, report: str) -> None:
        beside = f"{latest}.{token_hex(4)}"
        self.sftp.symlink(report, beside)
        self._moved(beside, latest)

    def _is_folder(self, path: str) -> bool:
        from stat import S_ISDIR

        try:
            return S_ISDIR(self.sftp.lstat(path).st_mode or 0)
        except FileNotFoundError:
            return False

    def _folder(self, path: str) -> None:
        """Make a folder and those above it."""
        if not path or path == "/":
            return
        try:
            self.sftp.stat(path)
        except FileNotFoundError:
            self._folder(dirname(path))
            self.sftp.mkdir(path)

    def _removed(self, path: str) -> None:
        with suppress(OSError):
            if not self._is_folder(path):
                self.sftp.remove(path)
                return
            for name in self.sftp.listdir(path):
                self._removed(join(path, name))
            self.sftp.rmdir(path)

    def _by_commands(self, made: Bundle) -> str:
        """The same where only root may write, or files shall be somebody else's: uploaded, then moved by commands."""
        beside = f".sightline-{token_hex(8)}"
        try:
            self._upload(made, beside)
            self._run(_script(made, self.sftp.normalize(beside), self._absolute(), self._owner()))
        finally:
            self._removed(beside)
        return self._place(made)

    def _absolute(self) -> str:
        return self.root if self.root.startswith("/") else join(self.sftp.normalize("."), self.root)

    def _owner(self) -> str:
        owner, group = self.args.remote_path_owner, self.args.remote_path_group
        return f"{owner}:{group}" if group else owner

    def _run(self, script: str) -> None:
        command = f"sh -c {shlex.quote(script)}"
        if self.args.sudo:
            command = f"sudo -S -p '' {command}"
        stdin, stdout, stderr = self.client.exec_command(command, timeout=SECONDS)
        if self.args.sudo:
            stdin.write(self.args.sudo_password.get_secret_value() + "\n")
            stdin.flush()
        stdin.channel.shutdown_write()
        said = stderr.read(2000).decode("utf-8", "replace").strip()
        if code := stdout.channel.recv_exit_status():
            reason = said.splitlines()[-1] if said else f"a command ended with {code}"
            raise DeliveryFailed(f"the files could not be put into '{self.args.remote_path}': {reason}.", retry=False)

    def _place(self, made: Bundle) -> str:
        return join(self.root, f"{made.report}/index.html" if made.folder else f"{made.report}{made.files[0].path}")


def _passing(source: str, target: str, owner: str) -> str:
    """Commands that put a file into its place and take it away, whatever becomes of what is between."""
    quoted = shlex.quote(target)
    lines = ["set -e", f"mkdir -p {shlex.quote(dirname(target))}", f"trap {shlex.quote(f'rm -f {quoted}')} EXIT"]
    lines.append(f"cp {shlex.quote(source)} {quoted}")
    return "\n".join(lines + ([f"chown {shlex.quote(owner)} {quoted}"] if owner else []))


def _script(made: Bundle, beside: str, root: str, owner: str) -> str:
    """Commands that move uploaded files into their place."""
    quoted = shlex.quote
    lines = ["set -e", f"mkdir -p {quoted(root)}"]
    if made.folder:
        target = join(root, made.report)
        lines += [f"rm -rf {quoted(target)}", f"cp -R {quoted(join(beside, made.report))} {quoted(target)}"]
        lines.append(f"ln -sfn {quoted(made.report)} {quoted(join(root, made.latest))}")
        placed = [target, join(root, made.latest)]
    else:
        placed = [join(root, path) for name in (made.report, made.latest) for path, _ in made.named(name)]
        lines.append(f"cp {quoted(beside)}/* {quoted(root)}/")
    if owner:
        lines.append(f"chown -hR {quoted(owner)} {' '.join(map(quoted, placed))}")
    return "\n".join(lines)


def _connect(client: paramiko.SSHClient, args: ScpArgs) -> None:
    user, host, port = args.address
    checked_host(host, port)
    client.load_system_host_keys()
    if args.known_hosts:
        path = Path(args.known_hosts).expanduser()
        if path.exists():
            client.load_host_keys(str(path))
    client.set_missing_host_key_policy(_Meeting(args))
    nested = args.connect_kwargs
    key = args.key_file or nested.key_filename
    password = args.password.get_secret_value() or nested.password.get_secret_value()
    phrase = args.passphrase.get_secret_value() or nested.passphrase.get_secret_value()
    client.connect(
        host,
        port,
        user or None,
        password or None,
        key_filename=str(Path(key).expanduser()) if key else None,
        passphrase=phrase or None,
        timeout=args.connect_timeout,
        banner_timeout=args.connect_timeout,
        auth_timeout=args.connect_timeout,
        allow_agent=not (key or password),
        look_for_keys=not (key or password),
    )


class _Meeting(paramiko.MissingHostKeyPolicy):
    """What becomes of a machine that is met for the first time."""

    def __init__(self, args: ScpArgs) -> None:
        self.args = args

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        if not self.args.accept_new_host_key:
            _, host, port = self.args.address
            raise DeliveryFailed(
                f"the machine is not known here. Its key is {key.get_name()} {key.fingerprint}. If that is right, keep"
                f" it by 'ssh-keyscan -p {port} {host} >> ~/.ssh/known_hosts', or set accept_new_host_key: true.",
                retry=False,
            )
        path = Path(self.args.known_hosts or KNOWN).expanduser()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{hostname} {key.get_name()} {key.get_base64()}\n")


@contextmanager
def _told(args: ScpArgs) -> Iterator[None]:
    """What goes wrong on the way, in sentences."""
    user, host, port = args.address
    try:
        yield
    except paramiko.BadHostKeyException as error:
        raise DeliveryFailed(
            f"its key is not the one that is known: it shows {error.key.get_name()} {error.key.fingerprint}. Somebody"
            f" may stand between. If it was changed on purpose, forget the old one by 'ssh-keygen -R [{host}]:{port}'.",
            retry=False,
        ) from error
    except (paramiko.PasswordRequiredException, paramiko.AuthenticationException) as error:
        who = f" of '{user}'" if user else ""
        raise DeliveryFailed(
            f"it refused the login{who}. Check user, key_file, passphrase and password.", retry=False
        ) from error
    except PermissionError as error:
        said = f"'{args.remote_path}' may not be written to. Give '{user}' the right to, or set sudo."
        raise DeliveryFailed(said, retry=False) from error
    except FileNotFoundError as error:
        raise DeliveryFailed(f"{_reason(error)}: '{error.filename or args.remote_path}'.", retry=False) from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise DeliveryFailed(f"{_reason(error)}.", retry=True) from error


def _reason(error: Exception) -> str:
    inner: Any = next(iter(getattr(error, "errors", {}).values()), error)
    said = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return str(said).rstrip(".")
