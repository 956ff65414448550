"""Settings of the service: from the command line, else ``WANGGE_…`` variables, else defaults."""

from __future__ import annotations

from ipaddress import ip_address

from pydantic_settings import BaseSettings, SettingsConfigDict

from gis.model.errors import SettingError

__all__ = ["ServiceSettings", "require_loopback"]


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
    """

    model_config = SettingsConfigDict(env_prefix="WANGGE_", frozen=True)

    host: str = "127.0.0.1"
    port: int = 8080
    database: str = "sqlite:///wangge.db"

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
