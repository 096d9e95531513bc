import type { Item } from './item'
import { FIRST_FREE_PUT_CODE, makeStartingItems } from './starting-items'

export type SavedShelf = { nextPutCode: number; items: Item[] }

/** The items of all records. Put-codes are never reused. */
export type Shelf = {
  itemsOf(orcid: string): readonly Item[]
  find(orcid: string, putCode: number): Item | null
  add(item: Omit<Item, 'putCode'>): Item
  /** Adds an item with its own put-code. */
  addNumbered(item: Item): void
  remove(item: Item): void
  /** Restores the starting items. */
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
    addNumbered(item) {
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
