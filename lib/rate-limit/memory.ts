export type Count = { bucket: string; hits: number; leftS: number }
/** The bucket that was used last stands last. Times are in milliseconds since 1970. */
export type CountsInMemory = Map<string, { hits: number; endsAt: number }>

const bucketsMax = 20_000

/** Counts a use while the database is away. Drops the buckets that nobody has used for longest, never those in use. */
export function countInMemory(counts: CountsInMemory, bucket: string, windowS: number, now = Date.now()): Count {
  const known = counts.get(bucket)
  const kept = known && known.endsAt > now ? known : { hits: 0, endsAt: now + windowS * 1_000 }
  kept.hits += 1
  counts.delete(bucket)
  counts.set(bucket, kept)
  const [oldest] = counts.keys()
  if (counts.size > bucketsMax && oldest !== undefined) counts.delete(oldest)
  return { bucket, hits: kept.hits, leftS: (kept.endsAt - now) / 1_000 }
}
