"""CODEOWNERS as GitHub and as GitLab document them, and patterns as a .gitignore has them."""

from __future__ import annotations

import pytest

from core.base.errors import BadInput
from core.components import owners
from core.components.matching import Paths, meant, patterns

PATHS = Paths(
    [
        "README.md", "app.js", "docs/getting-started.md", "docs/build/troubleshooting.md", "build/logs/a.txt",
        "deep/build/logs/a.txt", "scripts/logs/x.log", "apps/a.ts", "services/apps/b.ts", "apps/github/c.ts",
        "lib/model.rb", "config/db/x.rb", "src/a b.txt", "terms.md",
    ]
)  # fmt: skip


def of(text: str, dialect: str = "github") -> dict[str, tuple[str, ...]]:
    return owners.read(text, dialect).owned(PATHS)


def test_github_lets_the_last_line_that_matches_decide() -> None:
    found = of("*  @all\n*.js  @js # inline\n/build/logs/ @doctor\n")

    assert found["README.md"] == ("@all",)
    assert found["app.js"] == ("@js",)
    assert (found["build/logs/a.txt"], found["deep/build/logs/a.txt"]) == (("@doctor",), ("@all",))


def test_github_reads_a_last_star_as_files_right_there_and_a_name_as_a_folder_anywhere() -> None:
    found = of("docs/* docs@example.com\napps/ @octocat\n**/logs @logs @org/ops\n/lib @lib\n")

    assert found["docs/getting-started.md"] == ("docs@example.com",)
    assert "docs/build/troubleshooting.md" not in found
    assert {path for path, its in found.items() if its == ("@octocat",)} == {
        "apps/a.ts", "services/apps/b.ts", "apps/github/c.ts",
    }  # fmt: skip
    assert found["scripts/logs/x.log"] == found["deep/build/logs/a.txt"] == ("@logs", "@org/ops")
    assert found["lib/model.rb"] == ("@lib",)


def test_github_lets_a_line_without_owners_take_away_and_skips_what_it_does_not_know() -> None:
    file = owners.read("/apps/ @octocat\n/apps/github\n!docs/ @no\n[a-z].md @no\nsrc/a\\ b.txt @space\n", "github")
    found = file.owned(PATHS)

    assert found["apps/a.ts"] == ("@octocat",) and "apps/github/c.ts" not in found
    assert found["src/a b.txt"] == ("@space",)
    assert file.unread == ("3: !docs/ @no", "4: [a-z].md @no")


def test_gitlab_adds_up_sections_each_with_its_own_last_match() -> None:
    text = """
* @default
[Documentation][2] @docs-team
docs/
README.md
^[Database]
*.rb @db @backend
config/db/ @dba
[documentation]
terms.md @legal
"""
    assert owners.dialect_of(text) == "gitlab"
    found = of(text, "gitlab")

    assert found["docs/build/troubleshooting.md"] == ("@default", "@docs-team")
    assert found["README.md"] == ("@default", "@docs-team")
    assert found["lib/model.rb"] == ("@default", "@db", "@backend")
    assert found["config/db/x.rb"] == ("@default", "@dba")
    assert found["terms.md"] == ("@default", "@legal")


def test_gitlab_matches_whole_paths_and_knows_exclusions() -> None:
    found = of("/docs @none\n/docs/*.md @direct\n[Ruby]\n*.rb @ruby\n!lib/\n", "gitlab")

    assert found["docs/getting-started.md"] == ("@direct",)
    assert "docs/build/troubleshooting.md" not in found
    assert found["config/db/x.rb"] == ("@ruby",) and "lib/model.rb" not in found


def test_each_host_looks_in_its_own_place_first() -> None:
    files = [(".github/CODEOWNERS", "a"), ("CODEOWNERS", "b"), (".gitlab/CODEOWNERS", "c")]

    assert owners.chosen(files) == (".github/CODEOWNERS", "a")
    assert owners.chosen(files, "https://gitlab.example.com/x/y") == ("CODEOWNERS", "b")
    assert owners.chosen(files[2:]) == (".gitlab/CODEOWNERS", "c")
    assert owners.dialect_of("* @a", ".gitlab/CODEOWNERS") == "gitlab"
    assert owners.chosen([]) is None


def test_patterns_are_those_of_a_gitignore_and_the_last_that_matches_decides() -> None:
    found, hits = meant(patterns(["# ours", "apps/", "!apps/github/", "*.rb", "nowhere/"]), PATHS)

    assert found == {"apps/a.ts", "services/apps/b.ts", "lib/model.rb", "config/db/x.rb"}
    assert hits == [3, 1, 2, 0]


@pytest.mark.parametrize("text", ["[a-", "!"])
def test_a_damaged_pattern_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="is no pattern"):
        patterns([text])


def test_a_literal_beginning_narrows_without_changing_the_answer() -> None:
    for text in ("/docs/build/", "docs/build/**", "/apps/g*", "services/**/b.ts", "src/a\\ b.txt", "/lib"):
        (pattern,) = patterns([text])
        assert pattern.matched(PATHS) == [path for path in PATHS.sorted if pattern.regex.match(path)] != []
