"""Settings of the service: from the command line, else ``WANGGE_…`` variables, else defaults."""

from __future__ import annotations

import re
from ipaddress import ip_address

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gis.model.errors import SettingError

__all__ = ["ServiceSettings", "require_loopback"]


_ADDRESS = re.compile(r"(https?://[A-Za-z0-9.:-]+)?/[^\s;,]*")  # nothing that would end a line of the content policy


class ServiceSettings(BaseSettings):
    """Where the service listens and where its data is.

    Attributes
    ----------
    host
        Address to listen on; loopback only for now.
    port
        Port to listen on.
    database
        SQLAlchemy URL of the store.
    job_memory_mb, job_cpu_s, job_processes
        What one job may use: address space, processor seconds of a process, processes.
    basemap
        Address of tiles with ``{z}``, ``{x}`` and ``{y}``, or of a ``.pmtiles`` file, for the editor; empty for none.
    basemap_credit
        What the base map's source asks to be written on the map.
    """

    model_config = SettingsConfigDict(env_prefix="WANGGE_", frozen=True)

    host: str = "127.0.0.1"
    port: int = 8080
    database: str = "sqlite:///wangge.db"
    job_memory_mb: int = Field(8192, ge=512)
    job_cpu_s: int = Field(7200, ge=1)
    job_processes: int = Field(2, ge=1)
    basemap: str = Field("", max_length=500)
    basemap_credit: str = Field("", max_length=200)

    @field_validator("basemap")
    @classmethod
    def _is_of_tiles(cls, address: str) -> str:
        tiles = all(part in address for part in ("{z}", "{x}", "{y}")) or address.endswith(".pmtiles")
        if address and not (tiles and _ADDRESS.fullmatch(address)):
            raise ValueError("a base map is an address with {z}, {x} and {y}, or of a .pmtiles file")
        return address

    @classmethod
    def of(cls, *, host: str | None = None, port: int | None = None, database: str | None = None) -> ServiceSettings:
        """Make settings where None means the variable or the default.

        Raises
        ------
        SettingError
            If the host is not this machine.
        """
        given = {"host": host, "port": port, "database": database}
        settings = cls(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        require_loopback(settings.host)
        return settings


def require_loopback(host: str) -> str:
    """Return `host` if it is this machine; raise SettingError otherwise."""
    if host == "localhost":
        return host
    try:
        if ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise SettingError("host-not-loopback", host=host)
