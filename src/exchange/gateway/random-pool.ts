/** Salts and nonces are small and many: the system is asked for 4 KiB at a time. No byte is given out twice. */
export function poolRandom(randomBytes: (size: number) => Buffer, poolSize = 4096): (size: number) => Buffer {
  let pool = randomBytes(poolSize);
  let used = 0;
  return (size) => {
    if (size > poolSize) return randomBytes(size);
    if (used + size > poolSize) [pool, used] = [randomBytes(poolSize), 0];
    used += size;
    return pool.subarray(used - size, used);
  };
}
