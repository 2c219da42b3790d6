"""Names in drawings of networks stand beside their dots, and none upon another."""

from __future__ import annotations

from itertools import combinations
from random import Random

from lxml import etree

from core.documents import networks, placing, tables
from core.documents.drawing.text import width
from core.figures import Edge, Network, Node
from tests.documents import sample


def crowd(count: int, across: float = 400) -> list[placing.Dot]:
    dice = Random(7)
    return [placing.Dot(dice.uniform(40, across - 40), dice.uniform(40, 300), 5, f"Person {n}") for n in range(count)]


def test_no_name_stands_upon_another_nor_upon_a_dot() -> None:
    dots = crowd(60)
    sides = placing.sides(dots, 400)
    boxes = [dict(placing._boxes(dots[place]))[side] for place, side in sides.items()]

    assert 20 < len(sides) < 60
    assert not any(placing._meet(*pair) for pair in combinations(boxes, 2))
    assert not any(placing._meet(box, (d.x - 5, d.y - 5, d.x + 5, d.y + 5)) for box in boxes for d in dots)
    assert all(box[0] >= 0 and box[2] <= 400 for box in boxes)


def test_the_largest_is_named_first() -> None:
    small, large = placing.Dot(100, 100, 4, "Small"), placing.Dot(103, 100, 9, "Large" * 20)

    assert 1 in placing.sides([small, large], 2000)
    assert placing.sides([placing.Dot(50, 50, 4, "x" * 200)], 100) == {}


def test_a_name_is_written_where_its_place_was_found() -> None:
    nodes = [Node(id="a", label="Ann", x=0, y=0, size=4), Node(id="b", label="Bob", x=1, y=1, size=1)]
    root = etree.fromstring(networks.svg(Network(nodes=nodes), width=400).encode())

    texts = {element.text: element for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert set(texts) == {"Ann", "Bob"}
    assert width("Ann", placing.SIZE) < 40


def test_ties_without_remarks_have_no_column_of_them() -> None:
    ties = [Edge(source="a", target="b", weight=2)]
    network = Network(nodes=[Node(id="a", label="Ann"), Node(id="b", label="Bob")], edges=ties)

    assert [col.label for col in tables.of_network(network)[1].cols] == ["From", "To", "Strength"]
    assert "Remark" in [col.label for col in tables.of_network(sample.network())[1].cols]
