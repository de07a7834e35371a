"""Sessions are threads: four that route and measure at once leave the process alive and agree."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import threading
import numpy as np
import shapely
from khorgos_map.atlas import content_folder, sound_atlas
from khorgos_map.measure.routing.embedded import Embedded
from khorgos_map.atlas.places import land_by_side
from khorgos_map.measure.routing.records import Question, Stop
from khorgos_map.measure.sides import Land

atlas = sound_atlas(content_folder())
question = Question((Stop((76.95, 43.25)), Stop((80.3, 44.2)), Stop((81.3, 43.9))))
path = np.array([[79.0, 43.5], [80.3, 44.2], [81.0, 44.5], [80.0, 44.9]])
found = set()
for _ in range(15):
    # new ones each time: what is built when first asked is where threads meet
    ground = {side: shapely.force_2d(land) for side, land in land_by_side(atlas).items()}
    engine, land, start = Embedded(atlas.network, ground), Land(ground), threading.Barrier(4)

    def work():
        start.wait()
        for _ in range(5):
            found.add((engine.route(question).distance_m, len(land.course(path).stretches)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(len(found))
"""


def test_threads_do_not_disturb_each_other() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "1\n"), ended.stderr[-1500:]
