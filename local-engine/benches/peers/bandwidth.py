"""How fast threads can read memory together, in GB/s: bandwidth.py THREADS.

Each thread takes the scalar product of its own array with itself, which reads every byte once; the
best of several rounds. Decoding can't be faster than this divided by the weights it reads.
"""

import os
import sys
import threading
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402 - the variable has to be set before

BYTES = 512 << 20
ROUNDS = 7


def main(threads):
    arrays = [np.ones(BYTES // threads // 4, np.float32) for _ in range(threads)]
    print(max(round_of(arrays) for _ in range(ROUNDS)))


def round_of(arrays):
    workers = [threading.Thread(target=np.dot, args=(array, array)) for array in arrays]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(array.nbytes for array in arrays) / (time.perf_counter() - start) / 1e9


if __name__ == "__main__":
    main(int(sys.argv[1]))
