"""Who and what the demo is about: people, teams, repositories, bots. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Aurora Labs (demo)"
SLUG = "demo"
DOMAIN = "aurora.example"
SPAN_DAYS = 548
"""Eighteen months: as long as the first chapter, which ends the day before the demo is made."""
NEVER_DAY = 10**6
"""The day of what does not happen."""
BAD_QUARTER = (190, 280)
"""Days counted from the first one: incidents up, reviews slow."""
REORG_DAY = 370
QUIET_FROM = 300
"""From this day nobody works on the quiet repository."""

TEAMS = ("Platform", "Payments", "Mobile", "Web", "Data", "Reliability")

BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "Europe/London", "America/New_York"
SAN_FRANCISCO, KOLKATA, TOKYO, SAO_PAULO = (
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "America/Sao_Paulo",
)
COUNTRIES = {
    BERLIN: "DE", LONDON: "GB", NEW_YORK: "US", SAN_FRANCISCO: "US", KOLKATA: "IN", TOKYO: "JP", SAO_PAULO: "BR",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the cast."""

    name: str
    login: str
    team: str
    zone: str
    pace: float = 1.0
    """Pull requests begun, as a share of the usual two a week."""
    reviews: float = 0.0
    """How much likelier than others to be asked for a review."""
    night: float = 0.05
    """Share of work that begins after ten at night."""
    weekend: float = 0.05
    """Pull requests begun on a day of the weekend."""
    joined: int = -400
    """Day of the span."""
    left: int = NEVER_DAY
    moves_to: str = ""
    """Team after the re-org."""
    long_leave: tuple[int, int] | None = None
    """First and last day of a parental leave."""

    @property
    def email(self) -> str:
        return f"{self.login.replace('-', '.')}@{DOMAIN}"


CAST = (
    Member("Anneliese Vogt", "anneliese-vogt", "Platform", BERLIN, 0.7, 0.5),
    Member("Jonas Weber", "jonas-weber", "Platform", BERLIN, 1.1),
    Member("Priya Raman", "priya-raman", "Platform", KOLKATA, 1.2, 0.3),
    Member("Samuel Okafor", "samuel-okafor", "Platform", LONDON, 1.0),
    Member("Mei Lin", "mei-lin", "Platform", SAN_FRANCISCO, 0.9, night=0.08),
    Member("Robert Abbott", "rabbott", "Platform", NEW_YORK, 0.8),
    Member("Katja Brandt", "katja-brandt", "Platform", BERLIN, 1.0, joined=210),
    Member("Emily Clarke", "emily-clarke", "Payments", LONDON, 0.8, 0.6),
    Member("Rahul Mehta", "rahul-mehta", "Payments", KOLKATA, 1.2),
    Member("Lukas Steiner", "lukas-steiner", "Payments", BERLIN, 1.0, long_leave=(330, 415)),
    Member("Olivia Grant", "olivia-grant", "Payments", NEW_YORK, 1.1),
    Member("Deepa Iyer", "deepa-iyer", "Payments", KOLKATA, 1.0, 0.2),
    Member("Marcus Hale", "marcus-hale", "Payments", LONDON, 0.9, night=0.2, weekend=0.2),
    Member("Ines Carvalho", "ines-carvalho", "Payments", SAO_PAULO, 1.0, joined=120),
    Member("Aiko Tanaka", "aiko-tanaka", "Mobile", TOKYO, 1.1, 0.5),
    Member("Kenji Mori", "kenji-mori", "Mobile", TOKYO, 1.0),
    Member("Tomás Silva", "tomas-silva", "Mobile", SAO_PAULO, 1.1, moves_to="Web"),
    Member("Hannah Schmidt", "hannah-schmidt", "Mobile", BERLIN, 0.9, moves_to="Platform"),
    Member("Diego Martins", "diego-martins", "Mobile", SAO_PAULO, 1.0),
    Member("Yuki Sato", "yuki-sato", "Mobile", TOKYO, 0.8, joined=300),
    Member("Chloe Bennett", "chloe-bennett", "Mobile", NEW_YORK, 1.0, left=430),
    Member("Zoë Laurent", "zoe-laurent", "Web", BERLIN, 1.0, 0.5),
    Member("Noah Fischer", "noah-fischer", "Web", BERLIN, 1.2),
    Member("Grace Kim", "grace-kim", "Web", SAN_FRANCISCO, 1.0),
    Member("Arjun Nair", "arjun-nair", "Web", KOLKATA, 1.1, moves_to="Mobile"),
    Member("Sophie Walker", "sophie-walker", "Web", LONDON, 0.9),
    Member("Ben Carter", "ben-carter", "Web", NEW_YORK, 1.0, joined=60),
    Member("Lina Haddad", "lina-haddad", "Web", BERLIN, 0.9, long_leave=(90, 170)),
    Member("Viktor Novak", "viktor-novak", "Data", BERLIN, 0.8, 0.5),
    Member("Fatima Noor", "fatima-noor", "Data", LONDON, 1.0, moves_to="Platform"),
    Member("Ethan Brooks", "ethan-brooks", "Data", NEW_YORK, 0.9),
    Member("Sanjay Gupta", "sanjay-gupta", "Data", KOLKATA, 1.1),
    Member("Clara Jensen", "clara-jensen", "Data", BERLIN, 1.0),
    Member("Isabela Rocha", "isabela-rocha", "Data", SAO_PAULO, 0.9, joined=400),
    Member("Oskar Lind", "oskar-lind", "Reliability", BERLIN, 0.8, 0.4, night=0.1),
    Member("Maya Patel", "maya-patel", "Reliability", LONDON, 0.9, 0.3),
    Member("Daniel Reyes", "daniel-reyes", "Reliability", SAN_FRANCISCO, 1.0, night=0.08),
    Member("Haruto Ito", "haruto-ito", "Reliability", TOKYO, 0.9),
    Member("Nadia Rahman", "nadia-rahman", "Reliability", KOLKATA, 1.0, moves_to="Data"),
    Member("Felix Baum", "felix-baum", "Reliability", BERLIN, 0.9, left=260),
    Member("Laura Quinn", "laura-quinn", "Reliability", NEW_YORK, 1.0, joined=285),
)


@dataclass(frozen=True, slots=True)
class Automaton:
    """Somebody who is no person."""

    name: str
    email: str
    login: str
    is_bot: bool | None
    """What its provider says; None leaves it to be found by a rule or by somebody who looks."""


DEPENDABOT = Automaton("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", "dependabot[bot]", True)
RENOVATE = Automaton("Renovate Bot", "bot@renovateapp.com", "", None)
RELEASES = Automaton("Release Automation", f"release@{DOMAIN}", "", None)
"""No rule catches it: it waits in the list of those to look at."""
AUTOMATA = (DEPENDABOT, RENOVATE, RELEASES)


@dataclass(frozen=True, slots=True)
class Alias:
    """A second identity of somebody of the cast."""

    login: str
    name: str
    email: str
    share: float
    """Share of their commits under it."""
    until: int = NEVER_DAY
    merged: bool = False
    """Already merged; the others wait as suggestions, or join by their login."""


ALIASES = (
    Alias("priya-raman", "Priya Raman", "priya.raman@oldmail.example", 0.9, until=140, merged=True),
    Alias("tomas-silva", "Tomas Silva", "tomas@tomas-macbook.example", 0.2, merged=True),
    Alias("jonas-weber", "Jonas Webber", "jonas.weber@post.example", 0.15),
    Alias("aiko-tanaka", "aiko", "aiko.tanaka@home.example", 0.1),
    Alias("emily-clarke", "Emily Clarke", "eclarke@contractor.example", 0.8, until=60),
    Alias("noah-fischer", "Noah Fischer", "1043377+noah-fischer@users.noreply.github.com", 0.2),
    Alias("grace-kim", "Grace Kim", "2210456+grace-kim@users.noreply.github.com", 0.1),
    Alias("ben-carter", "Ben", "3344021+ben-carter@users.noreply.github.com", 0.1),
    Alias("olivia-grant", "Olivia Grant", "779034+olivia-grant@users.noreply.github.com", 0.1),
)


@dataclass(frozen=True, slots=True)
class Repo:
    """One repository: whose it is, what it is written in, how often it goes out."""

    name: str
    teams: dict[str, float]
    """Share of each team's work that happens here."""
    languages: tuple[tuple[str, str], ...]
    """Language and file suffix, the first one most."""
    areas: tuple[str, ...]
    """Folders."""
    releases_a_week: float = 0.0
    """Production deployments; 0 means it is not deployed."""
    quiet: bool = False


PY, GO, TS, KT, SW, SQL, TF, YML, MD, CSS = (
    ("Python", "py"), ("Go", "go"), ("TypeScript", "ts"), ("Kotlin", "kt"), ("Swift", "swift"), ("SQL", "sql"),
    ("HCL", "tf"), ("YAML", "yaml"), ("Markdown", "md"), ("CSS", "css"),
)  # fmt: skip

REPOS = (
    Repo("aurora/api-gateway", {"Platform": 5, "Payments": 1, "Web": 1, "Reliability": 1}, (GO, YML, MD),
         ("cmd/gateway", "internal/routing", "internal/auth", "internal/limits", "deploy"), 9),
    Repo("aurora/identity", {"Platform": 4, "Web": 0.5}, (GO, SQL, YML),
         ("internal/session", "internal/oidc", "internal/store", "migrations"), 5),
    Repo("aurora/payments-core", {"Payments": 6, "Platform": 0.5}, (KT, SQL, YML),
         ("ledger", "settlement", "providers/card", "providers/bank", "risk"), 8),
    Repo("aurora/billing-worker", {"Payments": 3, "Data": 0.5}, (PY, SQL, YML),
         ("billing/invoices", "billing/tax", "billing/dunning", "tests"), 4),
    Repo("aurora/mobile-ios", {"Mobile": 4}, (SW, MD), ("App/Checkout", "App/Home", "App/Profile", "Kit"), 1),
    Repo("aurora/mobile-android", {"Mobile": 4}, (KT, YML), ("app/checkout", "app/home", "app/profile", "kit"), 1),
    Repo("aurora/web-shop", {"Web": 6, "Mobile": 0.5, "Payments": 0.5}, (TS, CSS, MD),
         ("src/checkout", "src/catalog", "src/account", "src/search", "e2e"), 10),
    Repo("aurora/design-system", {"Web": 3, "Mobile": 1}, (TS, CSS, MD), ("tokens", "components", "docs"), 2),
    Repo("aurora/data-pipeline", {"Data": 5, "Platform": 0.4}, (PY, SQL, YML),
         ("pipeline/ingest", "pipeline/models", "pipeline/quality", "dags"), 4),
    Repo("aurora/recommender", {"Data": 3}, (PY, MD), ("features", "training", "serving", "evaluation"), 2),
    Repo("aurora/infrastructure", {"Reliability": 6, "Platform": 1}, (TF, YML, GO),
         ("clusters", "network", "observability", "runbooks", "tools"), 3),
    Repo("aurora/legacy-backoffice", {"Payments": 1, "Web": 1}, (PY, SQL), ("backoffice/orders", "backoffice/users"),
         1, quiet=True),
)  # fmt: skip
