from gongkai.organs import scope
from gongkai.requests.models import Case
from tests.support.world import World


def test_a_path_is_below_its_parent(world: World) -> None:
    assert world.organs["town-a1"].path.startswith(world.organs["county-a"].path)


def test_scope_of_an_empty_register_is_empty(world: World) -> None:
    assert not scope.rows(world.viewer("city", "supervisor"), Case).exists()
