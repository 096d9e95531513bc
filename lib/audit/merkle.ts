import { createHash } from 'node:crypto'

// The tree of RFC 6962, section 2.1: leaves and nodes are hashed apart, so that neither passes for the other.
const hashLeaf = (leaf: Uint8Array) => createHash('sha256').update('\0').update(leaf).digest()
const hashNode = (left: Uint8Array, right: Uint8Array) =>
  createHash('sha256').update('\u0001').update(left).update(right).digest()

/** The largest power of two below `count`: so many leaves are on the left. */
const leftOf = (count: number) => 2 ** (Math.ceil(Math.log2(count)) - 1)

/** @param leaves at least one */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves
  if (!only) throw new RangeError('A tree needs leaves')
  if (leaves.length === 1) return hashLeaf(only)
  const left = leftOf(leaves.length)
  return hashNode(merkleRoot(leaves.slice(0, left)), merkleRoot(leaves.slice(left)))
}

/** The hashes that lead from a leaf to the root, from below. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (leaves.length === 1) return []
  const left = leftOf(leaves.length)
  const [one, other] = [leaves.slice(0, left), leaves.slice(left)]
  return index < left
    ? [...merklePath(one, index), merkleRoot(other)]
    : [...merklePath(other, index - left), merkleRoot(one)]
}

/** The root that a leaf has by its path, or null if the path has another length than such a tree has. */
export function rootByPath(
  leaf: Uint8Array,
  { index, count }: { index: number; count: number },
  path: readonly Uint8Array[],
): Buffer | null {
  if (count === 1) return path.length === 0 && index === 0 ? hashLeaf(leaf) : null
  const last = path.at(-1)
  if (!last) return null
  const [left, rest] = [leftOf(count), path.slice(0, -1)]
  const below =
    index < left
      ? rootByPath(leaf, { index, count: left }, rest)
      : rootByPath(leaf, { index: index - left, count: count - left }, rest)
  return below && (index < left ? hashNode(below, last) : hashNode(last, below))
}
