"""Measures of a graph and a place for each of its nodes: pure numbers, the same each time for the same graph.

Ties point from whoever helped (reviewed, commented, co-wrote) to whose work it was. Communities and betweenness
take them without direction; PageRank runs against them, so it is high for people on whom the work of many leans.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SEED = 7
EXACT_UP_TO = 400
"""Nodes up to which betweenness counts every shortest path; beyond, those from as many sampled nodes."""
SAMPLES = 300

_lock = threading.Lock()
"""The library has one seed for the whole process."""

Ties = Sequence[tuple[int, int, float]]
"""Source, target and strength, by the numbers of nodes."""
Step = Callable[[float, str], None]
"""Told how far the work is, from 0 to 1, and what comes now."""


def silent(done: float, what: str) -> None:
    """For whoever does not wait."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One value a node, in their order."""

    degree: list[int]
    """With how many others."""
    weighted_degree: list[float]
    """Strength of all ties, either way."""
    pagerank: list[float]
    betweenness: list[float]
    """Share of the shortest paths between two others that lead over this node, 0 to 1."""
    community: list[int]
    """1 for the largest; 0 for whoever has no tie."""


def measured(count: int, ties: Ties, step: Step = silent) -> Measured:
    """All measures of a graph of `count` nodes."""
    both = _undirected(ties)
    degree, weighted = [0] * count, [0.0] * count
    for (one, two), strength in both.items():
        for node in (one, two):
            degree[node] += 1
            weighted[node] += strength
    inside = [node for node in range(count) if degree[node]]
    at = {node: place for place, node in enumerate(inside)}
    found = _of_connected(len(inside), [(at[one], at[two], strength) for one, two, strength in sorted(ties)], step)
    pagerank, betweenness, community = ([0.0] * count, [0.0] * count, [0] * count)
    for node, rank, over, number in zip(inside, *found, strict=True):
        pagerank[node], betweenness[node], community[node] = rank, over, number
    return Measured(degree, weighted, pagerank, betweenness, community)


def _of_connected(count: int, ties: Ties, step: Step) -> tuple[list[float], list[float], list[int]]:
    """PageRank, betweenness and community of nodes that all have ties: isolated ones would dilute the shares."""
    if not count:
        return [], [], []
    with _library() as nk:
        graph = nk.Graph(count, weighted=True)
        for (one, two), strength in _undirected(ties).items():
            graph.addEdge(one, two, strength)
        step(0.3, f"Communities of {count:,} people with {len(ties):,} ties")
        communities = _communities(nk, graph)
        step(0.5, "On whom the work of others leans")
        ranks = _pagerank(nk, count, ties)
        step(0.6, "Who stands between others")
        return ranks, _betweenness(nk, graph), communities


@contextmanager
def _library() -> Iterator[Any]:
    """networkit for one caller at a time, with one thread and one seed: the same graph gives the same answer."""
    with _lock:
        import networkit as nk

        nk.setNumberOfThreads(1)
        nk.setSeed(SEED, False)
        yield nk


def _undirected(ties: Ties) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = defaultdict(float)
    for source, target, strength in ties:
        found[min(source, target), max(source, target)] += strength
    return dict(sorted(found.items()))


def _pagerank(nk: Any, count: int, ties: Ties) -> list[float]:
    graph = nk.Graph(count, weighted=True, directed=True)
    for source, target, strength in ties:
        graph.addEdge(target, source, strength)
    scores = nk.centrality.PageRank(graph, distributeSinks=nk.centrality.SinkHandling.DistributeSinks).run().scores()
    return [float(score) for score in scores]


def _betweenness(nk: Any, graph: Any) -> list[float]:
    """Paths count steps: a strong tie is no longer way than a weak one."""
    plain = nk.graphtools.toUnweighted(graph)
    if graph.numberOfNodes() <= EXACT_UP_TO:
        found = nk.centrality.Betweenness(plain, normalized=True)
    else:
        found = nk.centrality.EstimateBetweenness(plain, SAMPLES, normalized=True, parallel=False)
    return [float(score) for score in found.run().scores()]


def _communities(nk: Any, graph: Any) -> list[int]:
    """By modularity (Louvain with refinement); the largest is 1, of two as large the one with the first node."""
    part = nk.community.PLM(graph, refine=True).run().getPartition()
    members: dict[int, list[int]] = defaultdict(list)
    for node in range(graph.numberOfNodes()):
        members[part.subsetOf(node)].append(node)
    found = [0] * graph.numberOfNodes()
    for number, nodes in enumerate(sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0])), 1):
        for node in nodes:
            found[node] = number
    return found
