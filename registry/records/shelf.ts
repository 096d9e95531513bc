import type { Item } from './item'
import { FIRST_FREE_PUT_CODE, makeStartingItems } from './starting-items'

export type SavedShelf = { nextPutCode: number; items: Item[] }

/** The items of all records. Put-codes are counted on for ever: one that was deleted never means another item later. */
export type Shelf = {
  itemsOf(orcid: string): readonly Item[]
  find(orcid: string, putCode: number): Item | null
  add(item: Omit<Item, 'putCode'>): Item
  /** Adds an item that has a put-code already. */
  place(item: Item): void
  remove(item: Item): void
  /** Everybody has again what they start with. */
  reset(): void
  save(): SavedShelf
}

export function makeShelf(saved: SavedShelf | undefined): Shelf {
  const records = new Map<string, Item[]>()
  let nextPutCode = saved?.nextPutCode ?? FIRST_FREE_PUT_CODE
  const put = (item: Item) => {
    const items = records.get(item.orcid) ?? []
    records.set(item.orcid, items)
    items.push(item)
    return item
  }
  const fill = (items: readonly Item[]) => {
    records.clear()
    items.forEach(put)
  }
  fill(saved?.items ?? makeStartingItems())
  return {
    itemsOf: (orcid) => records.get(orcid) ?? [],
    find: (orcid, putCode) => records.get(orcid)?.find((item) => item.putCode === putCode) ?? null,
    add(item) {
      nextPutCode += 1
      return put({ ...item, putCode: nextPutCode - 1 })
    },
    place(item) {
      put(item)
      nextPutCode = Math.max(nextPutCode, item.putCode + 1)
    },
    remove(item) {
      const items = records.get(item.orcid) ?? []
      records.set(
        item.orcid,
        items.filter((other) => other !== item),
      )
    },
    reset: () => fill(makeStartingItems()),
    save: () => ({ nextPutCode, items: [...records.values()].flat() }),
  }
}
