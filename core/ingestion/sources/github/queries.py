"""What is asked of GitHub in GraphQL. One question brings many pull requests with all that happened to them."""

from __future__ import annotations

from collections.abc import Sequence

WHO = "fragment Who on Actor { __typename login ... on User { name } }"

PAGE = "pageInfo { hasNextPage endCursor }"

COMMITS = (
    f"commits(first: 100, after: $after) {{ {PAGE} nodes {{ commit {{ oid authoredDate committedDate"
    " author { name email user { login } } } } }"
)
COMMENTS = f"comments(first: 100, after: $after) {{ {PAGE} nodes {{ databaseId createdAt body author {{ ...Who }} }} }}"
OF_REVIEW = (
    f"comments(first: 50, after: $after) {{ totalCount {PAGE} nodes {{ databaseId createdAt path body"
    " author { ...Who } replyTo { databaseId } } }"
)
REVIEWS = (
    f"reviews(first: 40, after: $after) {{ {PAGE} nodes {{ id databaseId state submittedAt body author {{ ...Who }}"
    f" {OF_REVIEW.replace(', after: $after', '').replace('50', '30')} }} }}"
)
ASKED = "requestedReviewer { __typename ... on User { login name } ... on Bot { login } ... on Mannequin { login } }"
HAPPENED = (
    "timelineItems(first: 100, after: $after, itemTypes: [READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT,"
    " REVIEW_REQUESTED_EVENT, REVIEW_REQUEST_REMOVED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT])"
    f" {{ {PAGE} nodes {{ __typename"
    " ... on ReadyForReviewEvent { createdAt }"
    " ... on ConvertToDraftEvent { createdAt }"
    f" ... on ReviewRequestedEvent {{ createdAt {ASKED} }}"
    f" ... on ReviewRequestRemovedEvent {{ createdAt {ASKED} }}"
    " ... on HeadRefForcePushedEvent { createdAt afterCommit { oid } } } }"
)
NESTED = {"commits": COMMITS, "comments": COMMENTS, "reviews": REVIEWS, "timelineItems": HAPPENED}
"""Lists within a pull request, which may go on over pages of their own."""

PULL = (
    "fragment Pull on PullRequest { number title url state isDraft createdAt updatedAt closedAt mergedAt"
    " author { ...Who } mergedBy { ...Who } baseRefName headRefName mergeCommit { oid } additions deletions"
    " changedFiles milestone { number } labels(first: 50) { nodes { name } }"
    f" {' '.join(part.replace(', after: $after', '') for part in NESTED.values())} }}"
)

LISTED = """query Listed(
  $owner: String!, $name: String!, $after: String, $states: [PullRequestState!], $order: IssueOrder!
) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 100, after: $after, states: $states, orderBy: $order) {
      totalCount pageInfo { hasNextPage endCursor } nodes { number state updatedAt closedAt }
    }
  }
}"""

REVIEW_COMMENTS = (
    "query ReviewComments($id: ID!, $after: String) { node(id: $id) {"
    f" ... on PullRequestReview {{ {OF_REVIEW} }} }} }}"
    f" {WHO}"
)

ISSUES = (
    "query Issues($owner: String!, $name: String!, $after: String, $order: IssueOrder!) {"
    " repository(owner: $owner, name: $name) { issues(first: 100, after: $after, orderBy: $order) {"
    f" totalCount {PAGE} nodes {{ number title url state createdAt updatedAt closedAt author {{ ...Who }}"
    " milestone { number } labels(first: 50) { nodes { name } }"
    " assignees(first: 20) { nodes { __typename login name } } } } } } " + WHO
)

MILESTONES = (
    "query Milestones($owner: String!, $name: String!, $after: String) { repository(owner: $owner, name: $name) {"
    " milestones(first: 100, after: $after, orderBy: {field: NUMBER, direction: ASC}) {"
    f" totalCount {PAGE} nodes {{ number title state url createdAt dueOn closedAt }} }} }} }}"
)

RELEASES = (
    "query Releases($owner: String!, $name: String!, $after: String) { repository(owner: $owner, name: $name) {"
    " releases(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {"
    f" totalCount {PAGE} nodes {{ databaseId tagName name url isDraft isPrerelease createdAt publishedAt"
    " tagCommit { oid } author { __typename login name } } } } }"
)

TAGS = (
    "query Tags($owner: String!, $name: String!, $after: String) { repository(owner: $owner, name: $name) {"
    ' refs(refPrefix: "refs/tags/", first: 100, after: $after, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) {'
    f" totalCount {PAGE} nodes {{ name target {{ __typename oid"
    " ... on Commit { committedDate author { name email user { login } } }"
    " ... on Tag { tagger { date name email user { login } }"
    " target { __typename oid ... on Commit { committedDate } } }"
    " } } } } }"
)

DEPLOYMENTS = (
    "query Deployments($owner: String!, $name: String!, $after: String) { repository(owner: $owner, name: $name) {"
    " deployments(first: 50, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {"
    f" totalCount {PAGE} nodes {{ databaseId environment commitOid createdAt state creator {{ ...Who }}"
    " statuses(first: 50) { nodes { state createdAt environmentUrl logUrl } } } } } } " + WHO
)


def pulls(numbers: Sequence[int]) -> str:
    """Several pull requests, each whole."""
    asked = " ".join(f"p{number}: pullRequest(number: {number}) {{ ...Pull }}" for number in numbers)
    return (
        "query Pulls($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {"
        f" {asked} }} rateLimit {{ cost remaining resetAt }} }} {PULL} {WHO}"
    )


def rest_of(part: str) -> str:
    """More of one of a pull request's lists."""
    who = f" {WHO}" if "...Who" in NESTED[part] else ""
    return (
        "query More($owner: String!, $name: String!, $number: Int!, $after: String) {"
        f" repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{ {NESTED[part]} }} }} }}{who}"
    )
