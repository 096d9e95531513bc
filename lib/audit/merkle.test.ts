import fc from 'fast-check'
import { expect, test } from 'vitest'
import { merklePath, merkleRoot, rootByPath } from '@/lib/audit/merkle'

const leaf = fc.uint8Array({ minLength: 1, maxLength: 4 })
const treeAndPlace = fc
  .array(leaf, { minLength: 1, maxLength: 40 })
  .chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat(leaves.length - 1)))

test('the root is that of RFC 6962', () => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  expect(merkleRoot(leaves.map((hex) => Buffer.from(hex, 'hex'))).toString('hex')).toBe(
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  )
})

test('every leaf leads to the root by its path', () => {
  fc.assert(
    fc.property(treeAndPlace, ([leaves, index]) => {
      const path = merklePath(leaves, index)
      expect(rootByPath(leaves[index] ?? Buffer.alloc(0), { index, count: leaves.length }, path)).toEqual(
        merkleRoot(leaves),
      )
    }),
  )
})

test('another leaf, another place and a shorter or longer path do not lead to the root', () => {
  fc.assert(
    fc.property(treeAndPlace, leaf, fc.nat(39), ([leaves, index], another, place) => {
      const [count, path, root] = [leaves.length, merklePath(leaves, index), merkleRoot(leaves)]
      const own = leaves[index] ?? another
      if (!Buffer.from(another).equals(own)) expect(rootByPath(another, { index, count }, path)).not.toEqual(root)
      if (place < count && !Buffer.from(leaves[place] ?? []).equals(own)) {
        expect(rootByPath(own, { index, count }, merklePath(leaves, place))).not.toEqual(root)
      }
      expect(rootByPath(own, { index, count }, [...path, Buffer.alloc(32)])).toBeNull()
      if (count > 1) expect(rootByPath(own, { index, count }, path.slice(1))).toBeNull()
    }),
  )
})
