"""Frameworks and tools, known by the names of their files: what a path tells without anybody reading the file."""

from __future__ import annotations

PLACE = "framework"
"""Stands in a skill's key where an area has its repository."""

_SCRIPT = "[cm]?[jt]sx?"
FRAMEWORKS = {
    "Airflow": r"(^|/)dags/.+\.py$",
    "Alembic": r"(^|/)alembic(\.ini$|/versions/)",
    "Angular": r"(^|/)angular\.json$|\.component\.(ts|html|css|scss)$",
    "Ansible": r"(^|/)(playbooks|roles)/.+\.ya?ml$|(^|/)ansible\.cfg$",
    "Astro": r"\.astro$",
    "Bazel": r"(^|/)(BUILD|WORKSPACE|MODULE)(\.bazel)?$|\.bzl$",
    "CMake": r"(^|/)CMakeLists\.txt$|\.cmake$",
    "Cypress": rf"\.cy\.{_SCRIPT}$|(^|/)cypress(/|\.config\.)",
    "dbt": r"(^|/)dbt_project\.ya?ml$",
    "Django": r"(^|/)(manage|wsgi|asgi)\.py$|(^|/)migrations/[0-9]{4}_\w+\.py$",
    "Docker": r"(^|/)((Docker|Container)file(\.[\w.-]+)?|(docker-)?compose[\w.-]*\.ya?ml|\.dockerignore)$",
    "Flutter": r"(^|/)pubspec\.ya?ml$",
    "GitHub Actions": r"(^|/)\.github/(workflows|actions)/",
    "GitLab CI": r"(^|/)\.gitlab-ci\.ya?ml$|(^|/)\.gitlab/ci/",
    "Gradle": r"\.gradle(\.kts)?$",
    "GraphQL": r"\.(graphql|gql)$",
    "Helm": r"(^|/)Chart\.ya?ml$|(^|/)charts?/.+/templates/",
    "Jenkins": r"(^|/)Jenkinsfile(\.[\w.-]+)?$",
    "Jest": rf"(^|/)jest\.config\.|(^|/)__tests__/.+\.{_SCRIPT}$",
    "Jupyter": r"\.ipynb$",
    "Kubernetes": r"(^|/)(k8s|kubernetes)/.+\.ya?ml$|(^|/)kustomization\.ya?ml$",
    "Laravel": r"\.blade\.php$|(^|/)artisan$",
    "Maven": r"(^|/)pom\.xml$",
    "MkDocs": r"(^|/)mkdocs\.ya?ml$",
    "Next.js": r"(^|/)next\.config\.",
    "Nuxt": r"(^|/)nuxt\.config\.",
    "Playwright": r"(^|/)playwright\.config\.",
    "Prisma": r"\.prisma$",
    "Protocol Buffers": r"\.proto$",
    "pytest": r"(^|/)(conftest\.py|pytest\.ini)$|(^|/)test_[^/]+\.py$|_test\.py$",
    "Qt": r"\.(qml|qrc)$",
    "Rails": r"(^|/)config/routes\.rb$|(^|/)app/(controllers|models|views|helpers)/.+\.(rb|erb|haml)$",
    "React": r"\.[jt]sx$",
    "RSpec": r"_spec\.rb$",
    "Sphinx": r"(^|/)docs?/(source/)?conf\.py$",
    "Spring": r"(^|/)src/main/resources/application[\w-]*\.(ya?ml|properties)$",
    "Storybook": rf"\.stories\.({_SCRIPT}|mdx)$|(^|/)\.storybook/",
    "Streamlit": r"(^|/)\.streamlit/",
    "Svelte": r"\.svelte$",
    "Tailwind CSS": r"(^|/)tailwind\.config\.",
    "Terraform": r"\.(tf|tfvars|hcl)$",
    "Vite": r"(^|/)vite(st)?\.config\.",
    "Vue": r"\.vue$",
}
"""By name, the pattern of the paths of their files."""


def of_path() -> str:
    """SQL for the names of a row's `path`: one row for each, none where it tells of none."""
    names, patterns = (", ".join(map(_quoted, texts)) for texts in (FRAMEWORKS, FRAMEWORKS.values()))
    return f"arrayJoin(arrayMap(place -> [{names}][place], multiMatchAllIndices(path, [{patterns}])))"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
