"""What is bought together, and what a customer may like next."""

from services.analytics.views.together import TOGETHER, suggested
from shared.testing.projection import ProjectionSpec
from tests.company import Company

BASKETS = (("cup", "plate"), ("cup", "plate", "lamp"), ("cup", "lamp"), ("cup", "plate"), ("rug",))


def spec(*baskets):
    """Return the specification after these baskets."""
    company = Company()
    for number, skus in enumerate(baskets):
        lines = [{"sku": sku, "amount": 100} for sku in skus]
        company.write("sales", "OrderPlaced", f"order-{number}", "c-1", order_id=str(number), lines=lines)
    return ProjectionSpec(TOGETHER).given(*company.events())


def test_row_44_the_top_suggestion_is_the_hand_computed_one_with_its_support():
    """Who has a cup is offered plates: three of four orders with cups held one; lamps were in two."""
    known = spec(*BASKETS)
    pairs = {sku: known.then(sku) for sku in ("cup", "plate", "lamp", "rug")}
    assert suggested(["cup"], {"cup"}, pairs) == [
        {"sku": "plate", "support": 3, "share": 0.75, "bought_with": "cup"},
        {"sku": "lamp", "support": 2, "share": 0.5, "bought_with": "cup"},
    ]


def test_what_was_bought_already_is_not_suggested():
    """Nothing is left for who has everything, and nothing for who bought alone."""
    known = spec(*BASKETS)
    pairs = {sku: known.then(sku) for sku in ("cup", "plate", "lamp", "rug")}
    assert suggested(["cup", "plate", "lamp"], {"cup", "plate", "lamp"}, pairs) == []
    assert suggested(["rug"], {"rug"}, pairs) == []


def test_of_a_large_order_the_eight_dearest_articles_are_paired():
    """Pairs stay few, whatever the number of lines; lines of one article count once."""
    known = spec([f"s{n:02}" for n in range(30)], ["s00", "s00"])
    assert known.then("s00") == {"orders": 2, "with": {f"s{n:02}": 1 for n in range(1, 8)}}
    assert known.then("s20") is None
